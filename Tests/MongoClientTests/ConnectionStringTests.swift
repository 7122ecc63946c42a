import Testing

@testable import MongoClient

@Suite struct ConnectionStringTests {
    @Test func fillsInOnlyWhatIsLeftOut() throws {
        let ours = try ConnectionString("mongodb://h/test?ssl=true")
        #expect(ours.uri.integer("serverselectiontimeoutms") == 1500)
        #expect(ours.uri.integer("connecttimeoutms") == 800)
        #expect(ours.uri.integer("sockettimeoutms") == 1500)
        #expect(ours.uri.integer("waitqueuetimeoutms") == 1000)
        #expect(ours.uri.integer("heartbeatfrequencyms") == 1000)
        #expect(ours.uri.string("appname") == "ratings-v2")
        #expect(ours.uri.boolean("tlsdisableocspendpointcheck") == true)

        let theirs = try ConnectionString(
            "mongodb://h/test?tls=true&serverSelectionTimeoutMS=1&connectTimeoutMS=2&socketTimeoutMS=3&waitQueueTimeoutMS=4"
                + "&heartbeatFrequencyMS=505&appName=x&tlsDisableOCSPEndpointCheck=false&maxPoolSize=3")
        #expect(theirs.uri.integer("serverselectiontimeoutms") == 1)
        #expect(theirs.uri.integer("connecttimeoutms") == 2)
        #expect(theirs.uri.integer("sockettimeoutms") == 3)
        #expect(theirs.uri.integer("waitqueuetimeoutms") == 4)
        #expect(theirs.uri.integer("heartbeatfrequencyms") == 505)
        #expect(theirs.uri.string("appname") == "x")
        #expect(theirs.uri.boolean("tlsdisableocspendpointcheck") == false)
        #expect(theirs.maxPoolSize == 3)
    }

    @Test(arguments: [("", 100), ("maxPoolSize=0", 100), ("maxPoolSize=-5", 1), ("maxPoolSize=7", 7)])
    func maxPoolSizeAsTheDriverReadsIt(option: String, size: Int) throws {
        #expect(try ConnectionString("mongodb://h/?\(option)").maxPoolSize == size)
    }

    @Test func defaultsFollowTheRequestTimeout() {
        let defaults = ConnectionDefaults(requestTimeoutMS: 400)
        #expect(defaults.serverSelectionTimeoutMS == 300)
        #expect(defaults.socketTimeoutMS == 300)
        #expect(defaults.connectTimeoutMS == 160)
        #expect(defaults.waitQueueTimeoutMS == 200)
    }

    private static let whatTheLogMaySayCases: [(String, [String], Bool)] = [
        ("mongodb://u:p@h1:1,h2/test?ssl=true", ["h1:1", "h2:27017"], true), ("mongodb://h", ["h:27017"], false),
        ("  mongodb://h/test \n", ["h:27017"], false), ("mongodb://[::1]:1/", ["[::1]:1"], false),
        ("mongodb://h/?tls=true", ["h:27017"], true),
        ("mongodb://u:p@h:1?ssl=true", ["h:1"], true), ("mongodb://h/?tlsInsecure=true", ["h:27017"], true),
        ("mongodb+srv://cluster.example.com/test", ["cluster.example.com"], true),
    ]

    @Test(arguments: whatTheLogMaySayCases)
    func whatTheLogMaySay(text: String, hosts: [String], tls: Bool) throws {
        let connectionString = try ConnectionString(text)
        #expect(connectionString.hosts == hosts)
        #expect(connectionString.usesTLS == tls)
    }

    /// What it says, whole.
    private static let refusals: [(text: String, words: String)] = [
        ("", "malformed connection string: it must begin with mongodb:// or mongodb+srv://"),
        ("localhost:27017", "malformed connection string: it must begin with mongodb:// or mongodb+srv://"),
        ("http://localhost:27017/test", "malformed connection string: it must begin with mongodb:// or mongodb+srv://"),
        ("mongodb:///test", "malformed connection string: it names no host, or an empty one"),
        ("mongodb://h,/test", "malformed connection string: it names no host, or an empty one"),
        (
            "mongodb://h:99999/test",
            "malformed connection string: the host h has a port that is no number from 1 to 65535"
        ),
        ("mongodb://h:0/test", "malformed connection string: the host h has a port that is no number from 1 to 65535"),
        (
            "mongodb://h:abc/test",
            "malformed connection string: the host h has a port that is no number from 1 to 65535"
        ),
        (
            "mongodb://::1/test",
            "malformed connection string: a host has several colons: put an IPv6 address in brackets"
        ),
        ("mongodb://[::1/test", "malformed connection string: an IPv6 address has no closing bracket"),
        (
            "mongodb://u:p@ss@h/test",
            "malformed connection string: an @ in the user or the password must be written as %40"
        ),
        (
            "mongodb://u:p/ss@h/test",
            "malformed connection string: a / in the user or the password must be written as %2F"
        ),
        (
            "mongodb://u:p?ss@h/test",
            "malformed connection string: a ? in the user or the password must be written as %3F"
        ),
        (
            "mongodb://u:p:ss@h/test",
            "malformed connection string: a : in the user or the password must be written as %3A"
        ),
        (
            "mongodb://u:p%ss@h/test",
            "malformed connection string: a % in the user or the password must be written as %25"
        ),
        ("mongodb://:p@h/test", "malformed connection string: the user before the @ is empty"),
        ("mongodb+srv://a.b.c:1/", "malformed connection string: mongodb+srv:// takes no port: SRV records name them"),
        ("mongodb+srv://a.b.c,d.e.f/", "malformed connection string: mongodb+srv:// takes one host name"),
        ("mongodb://h/test?foo", "foo has no value: write NAME=VALUE"),
        ("mongodb://h/?ssl=true&tls=false", "tls and ssl, its older name, contradict each other"),
        ("mongodb://h/?ssl=true&ssl=false", "tls and ssl, its older name, contradict each other"),
        (
            "mongodb://h/?tls=false&tlsInsecure=true",
            "tlsInsecure needs TLS, which tls=false or ssl=false turns off"
        ),
        ("mongodb://h/?tls=maybe", "tls is neither true nor false"),
        ("mongodb://h/?connectTimeoutMS=soon", "connectTimeoutMS is no number"),
        ("mongodb://h/?appName=x;ssl=true", "appName holds a ; : separate options with &, or write it as %3B"),
        (
            "mongodb://h/?tlsCertificateKeyFilePassword=hunter&2secret",
            "tlsCertificateKeyFilePassword holds a & that must be written as %26, or an option behind it has no value"
        ),
        (
            "mongodb://u@h/",
            "the user needs a password: mongodb://USER:PASSWORD@…, with %XX for what is no letter or digit"
        ),
        (
            "mongodb://u@h/?authMechanism=PLAIN",
            "authMechanism needs a password: mongodb://USER:PASSWORD@…, with %XX for what is no letter or digit"
        ),
        ("mongodb://h/?authMechanism=MONGODB-X509", "authMechanism is MONGODB-X509, which needs TLS: add tls=true"),
    ]

    @Test(arguments: refusals)
    func refuses(text: String, words: String) {
        #expect {
            try ConnectionString(text)
        } throws: {
            "\($0)" == words
        }
    }

    /// In the driver's words, where they hold no secret.
    @Test(arguments: [
        "mongodb://h/?readPreference=foo", "mongodb://h/?tlsInsecure=true&tlsAllowInvalidHostnames=true",
        "mongodb://h1,h2/?directConnection=true", "mongodb://h1,h2/?loadBalanced=true",
    ])
    func refusesWithTheDriver(text: String) {
        #expect(throws: ConnectionStringError.self) { try ConnectionString(text) }
    }

    /// What the driver would send in SNI and compare with the certificate.
    @Test func takesTheDotOffTheEndOfAName() throws {
        #expect(
            try ConnectionString("mongodb://db.example.com.:1,[::1]:2,other./test").hosts
                == ["db.example.com:1", "[::1]:2", "other:27017"])
    }

    @Test func namesOptionsThatNobodyKnows() throws {
        let url = "mongodb://h/?foo=1&tlsCertificateKeyFilePassword=hunter&2secret=x&ssl=true"
        #expect(try ConnectionString(url).unknownOptions == ["foo", "one behind a secret"])
    }

    @Test func namesTheFileThatItCannotRead() {
        #expect {
            try ConnectionString("mongodb://h/?ssl=true&tlsCAFile=/nonexistent/ca.pem")
        } throws: {
            "\($0)" == "cannot read tlsCAFile /nonexistent/ca.pem: No such file or directory"
        }
        #expect(throws: ConnectionStringError.self) {
            try ConnectionString("mongodb://h/?tls=true&tlsCAFile=/dev/null")
        }
        #expect(throws: ConnectionStringError.self) { try ConnectionString("mongodb://h/?tls=true&tlsCAFile=/tmp") }
    }

    /// An error is printed, so it must not hold the password, wherever the string is broken.
    @Test(arguments: [
        "mongodb://bookinfo:hunter2secret@h:abc/test", "mongodb://bookinfo:hunter2secret@",
        "mongodb://bookinfo:hunter2secret",
        "mongodb://bookinfo:hunter2/secret@h/test", "mongodb://bookinfo:hunter2@secret@h/test",
        "mongodb://bookinfo:hunter2secret@h/?readPreference=hunter2secret", "mongodb:/bookinfo:hunter2secret@h/test",
        "mongodb://bookinfo:hunter2%ZZsecret@h/test", "mongodb://book:info:hunter2secret@h/test",
        "mongodb://h/?tls=true&tlsCertificateKeyFile=/nonexistent&tlsCertificateKeyFilePassword=hunter2secret",
        "hunter2secret", "bookinfo:hunter2secret@h",
    ])
    func errorsHoldNoPassword(text: String) {
        #expect {
            try ConnectionString(text)
        } throws: {
            !"\($0)".contains("hunter2") && !"\($0)".contains("secret")
        }
    }
}
