import Testing

@testable import Options

@Suite struct ToolTests {
    private static let port = Option("--port", "PORT", default: "9080", help: "The port to serve on.")
    private static let file = Option("--file", "FILE", help: "Where to write.")
    private static let keep = Option("--keep", help: "Leave it up.")
    private static let tool = Tool(
        "serve", abstract: "Serves.", discussion: "For as long as it takes.", options: [port, file, keep],
        operand: Operand("NAME", help: "What to serve."))
    private static let lab = Tool(
        "lab", abstract: "A lab.",
        subcommands: [
            Tool("list", abstract: "List."),
            Tool("run", abstract: "Run.", options: [keep], operand: Operand("NAME", isRepeated: true, help: "Which.")),
        ])

    private func run(_ tool: Tool, _ arguments: String...) throws -> Arguments {
        guard case .run(let arguments) = try tool.read(arguments) else { throw UsageError("help") }
        return arguments
    }

    private func error(_ tool: Tool, _ arguments: String...) -> String? {
        do {
            _ = try tool.read(arguments)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func defaults() throws {
        let arguments = try run(Self.tool)
        #expect(try arguments.number(Self.port) == 9080)
        #expect(arguments[Self.file] == nil)
        #expect(!arguments.has(Self.keep))
        #expect(arguments.operands.isEmpty)
    }

    @Test func valuesInBothForms() throws {
        let arguments = try run(Self.tool, "--port", "1", "--file=a=b", "--keep", "x")
        #expect(try arguments.number(Self.port) == 1)
        #expect(arguments[Self.file] == "a=b")
        #expect(arguments.has(Self.keep))
        #expect(arguments.operands == ["x"])
    }

    @Test func twoDashesEndTheOptions() throws {
        #expect(try run(Self.tool, "--keep", "--", "--port").operands == ["--port"])
    }

    @Test func subcommands() throws {
        #expect(try run(Self.lab).subcommand == "list")
        let arguments = try run(Self.lab, "run", "--keep", "a", "b")
        #expect(arguments.subcommand == "run" && arguments.operands == ["a", "b"] && arguments.has(Self.keep))
    }

    @Test func whatMakesNoSenseIsNamed() {
        #expect(error(Self.tool, "--prot", "1") == "unknown option --prot; did you mean --port?")
        #expect(error(Self.tool, "-k") == "unknown option -k; did you mean --keep?")
        #expect(error(Self.tool, "--port") == "--port needs a value")
        #expect(error(Self.tool, "--keep=1") == "--keep takes no value")
        #expect(error(Self.tool, "a", "b") == "unexpected argument b")
        #expect(error(Self.lab, "rum") == "unknown subcommand rum; did you mean run?")
        #expect(error(Self.lab, "list", "a") == "unexpected argument a")
        #expect(error(Self.lab, "list", "--keep") == "unknown option --keep")
    }

    @Test(arguments: ["0", "-1", "x", "", "1.5"])
    func whatIsNoNumberIsNamed(text: String) throws {
        let arguments = try run(Self.tool, "--port=\(text)")
        #expect(throws: UsageError("--port is \(text): give a whole number above zero")) {
            try arguments.number(Self.port)
        }
    }

    @Test func help() throws {
        let text = """
            Serves.

            For as long as it takes.

            usage: serve [--port PORT] [--file FILE] [--keep] [NAME]

              NAME         What to serve.
              --port PORT  The port to serve on. (default 9080)
              --file FILE  Where to write.
              --keep       Leave it up.
              --help       Print this and end.

            """
        #expect(try Self.tool.read(["--keep", "--help"]) == .help(text))
    }

    @Test func helpOfSubcommands() throws {
        let text = """
            A lab.

            usage: lab [SUBCOMMAND]

              --help  Print this and end.

            Subcommands (list where none is named):

              list  List.
              run   Run.

            """
        #expect(try Self.lab.read(["-h"]) == .help(text))
        let run = """
            Run.

            usage: lab run [--keep] [NAME ...]

              NAME    Which.
              --keep  Leave it up.
              --help  Print this and end.

            """
        #expect(try Self.lab.read(["run", "--help"]) == .help(run))
    }
}
