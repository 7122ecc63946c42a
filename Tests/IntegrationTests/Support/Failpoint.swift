import LocalMongo

/// Makes the real server fail commands of one service, which is known by its `appName` (`failCommand`, a test command:
/// <https://github.com/mongodb/mongo/wiki/The-%22failCommand%22-fail-point>).
///
/// A server has one `failCommand` at a time, so tests that use it take turns.
enum Failpoint {
    /// How often commands fail.
    enum Times: Sendable {
        case always
        case times(Int)

        fileprivate var json: String {
            switch self {
            case .always: #""alwaysOn""#
            case .times(let count): #"{"times": \#(count)}"#
            }
        }
    }

    /// - Parameters:
    ///   - data: more of the failpoint's options, such as `"errorCode": 11600`.
    static func fail(
        _ times: Times, _ data: String, commands: [String] = ["find"], appName: String, on database: BookinfoDatabase
    ) async throws {
        let commands = commands.map { "\"\($0)\"" }.joined(separator: ",")
        try await database.runCommand(
            #"""
            {"configureFailPoint": "failCommand", "mode": \#(times.json),
             "data": {"failCommands": [\#(commands)], "appName": "\#(appName)", \#(data)}}
            """#, on: "admin")
    }

    static func off(on database: BookinfoDatabase) async throws {
        try await database.runCommand(#"{"configureFailPoint": "failCommand", "mode": "off"}"#, on: "admin")
    }
}
