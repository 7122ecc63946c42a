import Testing

@testable import MongoClient

/// Domains and codes as the driver numbers them, measured with libmongoc 1.23.1.
@Suite struct MongoErrorTests {
    @Test(arguments: [(15, 13053), (2, 3), (2, 5), (2, 6), (1, 11), (0, 0), (14, 1), (7, 11)])
    func connect(domain: UInt32, code: UInt32) {
        #expect(MongoError(domain: domain, code: code, message: "").step == .connect)
    }

    @Test(arguments: [(17, 13), (17, 91), (2, 4), (3, 14), (4, 15), (5, 16), (8, 18), (12, 23)])
    func load(domain: UInt32, code: UInt32) {
        #expect(MongoError(domain: domain, code: code, message: "").step == .load)
    }
}
