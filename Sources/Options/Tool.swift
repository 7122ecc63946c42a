/// A tool's command line, described once: what it takes, and what `--help` says of it.
public struct Tool: Sendable {
    let name: String
    let abstract: String
    let discussion: String
    let options: [Option]
    let operand: Operand?
    let subcommands: [Tool]

    /// - Parameters:
    ///   - abstract: one sentence.
    ///   - discussion: more of it, in the help of this tool alone.
    ///   - subcommands: where there are some, the first one is run where none is named.
    public init(
        _ name: String, abstract: String, discussion: String = "", options: [Option] = [], operand: Operand? = nil,
        subcommands: [Tool] = []
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.options = options
        self.operand = operand
        self.subcommands = subcommands
    }

    /// What a command line asks for.
    public enum Request: Equatable, Sendable {
        case run(Arguments)
        /// To print this text and to end.
        case help(String)
    }

    /// Reads a command line.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Throws: ``UsageError``
    public func read(_ arguments: some Sequence<String>) throws(UsageError) -> Request {
        let arguments = Array(arguments)
        guard let standard = subcommands.first else { return try readOptions(arguments, of: name) }
        guard let first = arguments.first, !first.hasPrefix("-") || first == "--" else {
            if arguments.first.map(Self.isHelp) == true { return .help(helpText(usage: name)) }
            return try readSubcommand(standard, arguments)
        }
        guard let subcommand = subcommands.first(where: { $0.name == first }) else {
            throw UsageError("unknown subcommand \(first)" + Self.suggestion(for: first, in: subcommands.map(\.name)))
        }
        return try readSubcommand(subcommand, Array(arguments.dropFirst()))
    }

    private func readSubcommand(_ subcommand: Tool, _ arguments: [String]) throws(UsageError) -> Request {
        let request = try subcommand.readOptions(arguments, of: "\(name) \(subcommand.name)")
        guard case .run(var result) = request else { return request }
        result.subcommand = subcommand.name
        return .run(result)
    }

    private func readOptions(_ arguments: [String], of command: String) throws(UsageError) -> Request {
        var result = Arguments()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                result.operands += rest
                rest = []
            } else if Self.isHelp(argument) {
                return .help(helpText(usage: command))
            } else if argument.hasPrefix("-"), argument != "-" {
                try readOption(argument, &rest, &result)
            } else {
                result.operands.append(argument)
            }
        }
        let limit = operand.map { $0.isRepeated ? Int.max : 1 } ?? 0
        if result.operands.count > limit { throw UsageError("unexpected argument \(result.operands[limit])") }
        return .run(result)
    }

    private func readOption(
        _ argument: String, _ rest: inout ArraySlice<String>, _ result: inout Arguments
    ) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let option = options.first(where: { $0.name == parts[0] }) else {
            throw UsageError("unknown option \(parts[0])" + Self.suggestion(for: parts[0], in: options.map(\.name)))
        }
        guard option.value != nil else {
            if parts.count > 1 { throw UsageError("\(option.name) takes no value") }
            result.values[option.name] = ""
            return
        }
        guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
            throw UsageError("\(option.name) needs a value")
        }
        result.values[option.name] = value
    }

    private static func isHelp(_ argument: String) -> Bool { argument == "--help" || argument == "-h" }

    private static func suggestion(for word: String, in known: [String]) -> String {
        let nearest = known.min { word.editDistance(to: $0) < word.editDistance(to: $1) }
        return nearest.map { "; did you mean \($0)?" } ?? ""
    }
}
