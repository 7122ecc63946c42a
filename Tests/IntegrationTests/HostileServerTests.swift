import LocalMongo
import MongoClient
import Testing

@testable import Faults

extension SteadyDatabase {
    /// A server whose reply announces a length that no message has. libmongoc 1.23 trips over an assertion of its own then, in
    /// its monitors' first hello, and its supervisor starts the service again; 1.30 reports an error like any other.
    @Suite
    struct HostileServers {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.besideOthers)
            try await SteadyDatabase.shared.run()
        }

        /// Does what kubelet does: starts the service again when it has ended, and says how it ended.
        private static let supervisor = [
            "sh", "-c",
            """
            trap 'kill -TERM $child; wait $child; exit 0' TERM
            while :; do "$@" & child=$!; wait $child; echo "ended with $?"; done
            """, "sh",
        ]

        private static var abortsOnSuchALength: Bool {
            get throws {
                let numbers = Driver.version.split(separator: ".").compactMap { Int($0) }
                try #require(numbers.count == 3, "\(Driver.version)")
                // Of the versions between these two nothing is known.
                try #require(numbers[1] <= 23 || numbers[1] >= 30, "libmongoc \(Driver.version) is to be looked at")
                return numbers[1] <= 23
            }
        }

        @Test(arguments: [4, -1, .min, 0x7fff_fc03, .max] as [Int32])
        func endNothingForLong(_ length: Int32) async throws {
            // Length, request's number, in answer to the first one, OP_MSG.
            let words: [UInt32] = [UInt32(bitPattern: length), 1, 1, 2013]
            let header: [UInt8] = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
            var hostile: FaultyServer? = try FaultyServer.start(.answers(header))
            let port = try #require(hostile?.port)

            let service = try await Service.start("mongodb://localhost:\(port)/test", launcher: Self.supervisor)
            if try Self.abortsOnSuchALength {
                let hasEnded = await eventually { !service.logLines(with: "ended with 134").isEmpty }
                #expect(hasEnded, "\(service.log)")
            } else {
                expect(try await service.request(), status: 500, body: Body.cannotConnect)
            }
            hostile = nil
            let mongod = try await PlainMongod.start { $0.port = port }
            let none = #"{"id":0,"ratings":{"Reviewer1":0,"Reviewer2":0}}"#
            let isWell = await eventually(within: .seconds(20)) {
                (try? await service.request())?.answer.body == none
            }
            #expect(isWell, "\(service.log)")
            if try !Self.abortsOnSuchALength { #expect(service.logLines(with: "ended with").isEmpty, "\(service.log)") }
            #expect(try await service.end().status == .exited(0))
            withExtendedLifetime((hostile, mongod)) {}
        }
    }
}
