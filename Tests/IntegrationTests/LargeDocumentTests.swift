import Foundation
import LocalMongo
import Testing

extension ChangingDatabase {
    /// Documents of the size that mongod allows: the service answers in time and within the pod's memory.
    @Suite(.serialized)
    struct LargeDocuments {
        private let turn: Turn

        init() async throws {
            turn = await Turn(.alone)
            try await ChangingDatabase.shared.run()
        }

        /// `rating` and another field.
        private func document(_ rating: String, megabytes: Int) -> String {
            #"{"other": "\#(String(repeating: "x", count: megabytes << 20))", "rating": \#(rating)}"#
        }

        private func text(megabytes: Int) -> String {
            "\"\(String(repeating: "r", count: megabytes << 20))\""
        }

        @Test func ratingOverTheLimit() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings([#"{"rating": 1}"#, #"{"rating": \#(text(megabytes: 8))}"#])
            try await withService(database.url) { service in
                expect(try await service.request(), status: 500, body: Body.cannotLoad)
                let lines = service.logLines(with: "cannot read from ratings database")
                #expect(lines.count == 1)
                #expect(lines.first?.contains("document 2 of test.ratings: the rating's JSON is over 8 MB") == true)
                try await database.setRatings([#"{"rating": 1}"#, #"{"rating": \#(text(megabytes: 7))}"#])
                expect(try await service.request(), status: 200, body: Body.ratings("0", "1", text(megabytes: 7)))
            }
        }

        /// They come in two replies, and with all they hold: a projection would lose the second of two fields `rating`.
        @Test func otherFieldsAreLarge() async throws {
            let database = try ChangingDatabase.database
            try await database.setRatings([document("4", megabytes: 15)])
            try await database.runCommand(
                #"{"insert": "ratings", "documents": [\#(document("5", megabytes: 15))]}"#)
            try await withService(database.url) { service in
                expect(try await service.request(), status: 200, body: Body.ratings("0", "4", "5"))
                let load = await Load.run(on: service, connections: 32, requestsEach: 10)
                #expect(load.count(status: 200, body: Body.ratings("0", "4", "5")) == 320)
                try expectRoomInThePod(service)
            }
            try await database.setRatings([])
        }

        /// Clients of one read share its answer, whatever the kernel takes of it.
        @Test func answersAreLarge() async throws {
            let database = try ChangingDatabase.database
            let rating = text(megabytes: 4)
            try await database.setRatings([#"{"rating": \#(rating)}"#])
            try await withService(database.url) { service in
                let body = Body.ratings("0", rating, "0")
                let load = await Load.run(on: service, connections: 32, requestsEach: 2)
                #expect(load.count(status: 200, body: body) == 64)
                try expectRoomInThePod(service)
                let connection = try await HTTPConnection.open(port: service.port)
                #expect(try await connection.request("/ratings/0", method: "HEAD").status == 200)
                expect(try await connection.request("/ratings/0"), status: 200, body: body)
                expect(
                    try await connection.request("/ratings/0", headers: "Connection: close\r\n"), status: 200,
                    body: body)
                #expect(try await connection.waitForClose(within: .seconds(5)) == "")
            }
            try await database.setRatings([])
        }

        private func expectRoomInThePod(_ service: Service) throws {
            guard !Slowness.isSanitized else { return }
            let most = try service.processStatus("VmHWM")
            #expect(most < 110 << 10, "\(most) kB, and the pod has 128 MB")
        }
    }
}
