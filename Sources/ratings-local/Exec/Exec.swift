import Faults
import Options
import Processes

/// `ratings-local exec`: a command with a service and a database of its own, for as long as it runs.
enum Exec {
    private static let ratings = Option(
        "--ratings", "STARS", default: "1,1", help: "The stars that the database holds, as in 5,4.")
    private static let documents = Option(
        "--documents", "FILE", help: "What the collection ratings holds: a document of Extended JSON on each line.")
    private static let empty = Option("--empty", help: "A database without ratings.")
    private static let fault = Option(
        "--fault", "NAME", help: "A fault that is there when the command starts; ratings-local fault lists them.")
    private static let replicaSet = Option("--replica-set", help: "A replica set of three in place of one server.")
    private static let logs = Option(
        "--logs", "DIR",
        help: "Where to put the logs of mongod and ratings; else they are kept where the command fails.")

    static let tool = Tool(
        "exec",
        abstract: "Runs a command with a service and a database of its own: exec [options] -- COMMAND ...",
        discussion: """
            Starts mongod and ratings on free ports, waits until a rating was read, runs the command, ends everything, and
            exits with the command's status: 128 and the signal's number where a signal ended it, 127 where there is no such
            command, 126 where it cannot be run, 125 where mongod or ratings do not start. Signals are passed on.

            The command's environment:
              RATINGS_URL      where ratings answers, as in http://127.0.0.1:40001
              MONGO_DB_URL     what the service connects with: user bookinfo, who may read; by way of the faults
              MONGODB_CA_FILE  the CA of the database's certificate
              MONGO_ADMIN_URL  the database itself, past the faults: a user with role root
              PATH             holds this program: ratings-local fault NAME
            """,
        options: [ratings, documents, empty, fault, FaultCommand.latency, replicaSet, logs, RatingsLocal.service],
        operand: Operand("COMMAND", isRepeated: true, help: "The command and its arguments, after --."))

    /// The exit status where this program itself fails: no status of the command's, as docker(1) and env(1) have it.
    static let failure: Int32 = 125

    /// - Returns: the exit status.
    static func run(_ arguments: Arguments) async throws(UsageError) -> Int32 {
        guard !arguments.operands.isEmpty else {
            throw UsageError("exec needs a command, as in ratings-local exec -- curl -i http://…")
        }
        let order = ExecOrder(
            command: arguments.operands,
            data: try TestData(
                stars: arguments.has(ratings) ? arguments.text(ratings) : nil, file: arguments[documents],
                isEmpty: arguments.has(empty)),
            fault: try arguments[fault].map { name throws(UsageError) in try FaultCommand.fault(name) },
            latency: try FaultCommand.latency(of: arguments),
            isReplicaSet: arguments.has(replicaSet),
            logs: arguments[logs],
            service: RatingsLocal.binary(arguments))
        if order.fault == .failOver, !order.isReplicaSet {
            throw UsageError("--fault failOver needs --replica-set")
        }
        guard Guardian.isInside else { return await Guardian.run() }
        return await ExecRun(order).run()
    }
}

/// What `exec` was told.
struct ExecOrder: Sendable {
    var command: [String]
    var data: TestData
    var fault: LiveFault?
    var latency: Duration
    var isReplicaSet: Bool
    var logs: String?
    /// The service's binary.
    var service: String
}
