import LocalMongo
import Testing

/// Starts one `ratings` process for all tests of a suite, on the suite's database, and checks that it survives them.
struct ServiceTrait: SuiteTrait, TestScoping {
    @TaskLocal fileprivate static var current: Service?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withService(BookinfoDatabase.current.url) { service in
            try await Self.$current.withValue(service, operation: function)
            #expect(try await service.request("/ratings/0").answer.status == 200)
        }
    }
}

extension Trait where Self == ServiceTrait {
    static var service: Self { Self() }
}

extension Service {
    /// The service of the suite that runs.
    static var current: Service {
        get throws { try #require(ServiceTrait.current, "the suite needs the trait .service") }
    }
}
