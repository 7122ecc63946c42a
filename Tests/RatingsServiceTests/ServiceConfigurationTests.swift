import Testing

@testable import RatingsService

@Suite struct ServiceConfigurationTests {
    @Test func defaults() throws {
        let configuration = try ServiceConfiguration(environment: ["MONGO_DB_URL": "mongodb://h/test"])
        #expect(configuration.mongoDBURL == "mongodb://h/test")
        #expect(configuration.requestTimeoutMS == 2000)
        #expect(configuration.logLevel == .info)
    }

    @Test func theEnvironmentOfTheSample() throws {
        let configuration = try ServiceConfiguration(environment: [
            "MONGO_DB_URL": "mongodb://h/test", "SERVICE_VERSION": "v2", "DB_TYPE": "mongodb", "LOG_LEVEL": "DEBUG",
            "REQUEST_TIMEOUT_MS": "500",
        ])
        #expect(configuration.logLevel == .debug)
        #expect(configuration.requestTimeoutMS == 500)
    }

    @Test(arguments: [
        [:], ["MONGO_DB_URL": ""], ["MONGO_DB_URL": "mongodb://h", "SERVICE_VERSION": "v1"],
        ["MONGO_DB_URL": "mongodb://h", "DB_TYPE": "mysql"], ["MONGO_DB_URL": "mongodb://h", "LOG_LEVEL": "loud"],
        ["MONGO_DB_URL": "mongodb://h", "REQUEST_TIMEOUT_MS": "0"],
        ["MONGO_DB_URL": "mongodb://h", "REQUEST_TIMEOUT_MS": "2s"],
        ["MONGO_DB_URL": "mongodb://h", "REQUEST_TIMEOUT_MS": "99999999999"],
    ])
    func refuses(environment: [String: String]) {
        #expect(throws: ConfigurationError.self) { try ServiceConfiguration(environment: environment) }
    }

    @Test(arguments: [("9080", 9080), ("1", 1), ("65535", 65_535)])
    func port(text: String, number: Int) throws {
        #expect(try ServiceConfiguration.port(text) == number)
    }

    @Test(arguments: ["0", "-1", "65536", "abc", "", "80 80", "9080x"])
    func refusesPort(text: String) {
        #expect(throws: ConfigurationError.self) { try ServiceConfiguration.port(text) }
    }
}
