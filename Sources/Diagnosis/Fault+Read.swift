import MongoClient
import Network
import Threads

extension Fault {
    static func closedDuringRead(_ host: Host, _ ending: Ending, _ time: Duration) -> Fault {
        Fault(
            .closedDuringRead, "\(host) \(ending.verb) the connection \(time.inMilliseconds) ms after the query",
            advice: "look at mongod's log: was it restarted, or does a proxy between cut connections?")
    }

    static func silentDuringRead(_ host: Host, _ time: Duration) -> Fault {
        Fault(
            .silentDuringRead, "\(host) did not answer to the query for \(time.inMilliseconds) ms",
            advice: "check whether mongod is overloaded or frozen, and locks on the collection (db.currentOp())")
    }

    static func read(
        _ host: Host, _ reply: ServerReply?, _ error: MongoError, query: FindQuery, user: String?, source: String
    ) -> Fault {
        // Unauthorized
        if reply?.code == 13 {
            let who = user.map { "the user \($0) of the database \(source)" } ?? "a connection without a user"
            return Fault(
                .notAuthorized, "\(who) may not read \(query.name) at \(host)",
                advice: user == nil
                    ? "name a user and its password in MONGO_DB_URL"
                    : "give it the role read on the database \(query.databaseName)",
                command: "mongosh \"$MONGO_DB_URL\" --eval 'db.runCommand({connectionStatus: 1})'")
        }
        let name = reply?.codeName.map { " (\($0))" } ?? ""
        return Fault(
            .readFailed, "\(host) answered the query with an error\(name): \(reply?.message ?? error.message)",
            advice: "look at mongod's log, and at rs.status() where it is a replica set")
    }
}
