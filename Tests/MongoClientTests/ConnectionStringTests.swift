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

    @Test(arguments: [
        "", "not a url", "localhost:27017", "http://localhost:27017/test", "mongodb:///test", "mongodb://h:99999/test",
        "mongodb://h:0/test", "mongodb://h:abc/test", "mongodb://u:p@ss@h/test", "mongodb://u:p/ss@h/test",
        "mongodb://h/?ssl=true&tls=false", "mongodb://h/?readPreference=foo", "mongodb://h/test?foo",
        "mongodb://h/?tlsInsecure=true&tlsAllowInvalidHostnames=true",
    ])
    func refusesMalformed(text: String) {
        #expect(throws: ConnectionStringError.self) { try ConnectionString(text) }
    }

    @Test func namesTheFileThatItCannotRead() {
        #expect {
            try ConnectionString("mongodb://h/?ssl=true&tlsCAFile=/nonexistent/ca.pem")
        } throws: {
            "\($0)" == "cannot read tlscafile /nonexistent/ca.pem: No such file or directory"
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
