import Glibc

extension Tool {
    /// Reads this process's command line. Where that asks for help or makes no sense, says so and ends the process: with
    /// status 64 (EX_USAGE of sysexits.h) for what makes no sense.
    public func readCommandLine() -> Arguments {
        do {
            switch try read(CommandLine.arguments.dropFirst()) {
            case .run(let arguments): return arguments
            case .help(let text):
                print(text, terminator: "")
                exit(EXIT_SUCCESS)
            }
        } catch {
            refuse(error)
        }
    }

    /// Says on standard error what makes no sense, and ends the process.
    public func refuse(_ error: UsageError) -> Never {
        let line = Array("\(name): \(error); see \(name) --help\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(EX_USAGE)
    }
}
