import Testing
import Threads

@testable import Log

@Suite struct LoggerTests {
    private let lines = Locked<[String]>([])

    private func makeLogger(_ level: Level = .info) -> Logger {
        Logger(label: "ratings", level: level) { [lines] line in lines.withLock { $0.append(line) } }
    }

    private var written: [String] { lines.withLock { $0 } }

    @Test func lineHasTimeLevelLabelMetadataModuleAndMessage() throws {
        makeLogger().info("listening", metadata: ["tls": "on", "database": "h:27017"])
        let line = try #require(written.first)
        let (time, rest) = (line.prefix(24), line.dropFirst(24))
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/) != nil)
        #expect(rest == " info ratings: database=h:27017 tls=on [LogTests] listening\n")
    }

    @Test func withoutMetadata() {
        makeLogger().log(.error, "no")
        #expect(written.first?.dropFirst(24) == " error ratings: [LogTests] no\n")
    }

    @Test func whatMattersLessThanTheLevelIsNotWritten() {
        let logger = makeLogger(.warning)
        for level in Level.allCases { logger.log(level, "x") }
        #expect(written.count == 3)
    }

    @Test func textCannotBeginALineOfItsOwn() {
        makeLogger().info("a\nb\r\u{1b}[31m\u{2028}é", metadata: ["k": "v\nforged"])
        #expect(
            written.first?.dropFirst(24) == " info ratings: k=v\\nforged [LogTests] a\\nb\\r\\u{1B}[31m\\u{2028}é\n")
    }
}
