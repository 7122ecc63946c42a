extension Tool {
    /// What `--help` prints.
    ///
    /// - Parameter usage: the command, as a person writes it.
    func helpText(usage command: String) -> String {
        var words = [command]
        if !subcommands.isEmpty { words.append("[SUBCOMMAND]") }
        words += options.map { option in option.value.map { "[\(option.name) \($0)]" } ?? "[\(option.name)]" }
        if let operand { words.append("[\(operand.name)\(operand.isRepeated ? " ..." : "")]") }
        var paragraphs = [abstract]
        if !discussion.isEmpty { paragraphs.append(discussion) }
        paragraphs.append("usage: \(words.joined(separator: " "))")
        paragraphs.append(Self.table(optionRows))
        if !subcommands.isEmpty {
            paragraphs.append("Subcommands (\(subcommands[0].name) where none is named):")
            paragraphs.append(Self.table(subcommands.map { ($0.name, $0.abstract) }))
        }
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    private var optionRows: [(String, String)] {
        let operands = operand.map { [($0.name, $0.help)] } ?? []
        let rows = options.map { option in
            let name = option.value.map { "\(option.name) \($0)" } ?? option.name
            return (name, option.help + (option.defaultValue.map { " (default \($0))" } ?? ""))
        }
        return operands + rows + [("--help", "Print this and end.")]
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, help in
            "  \(name)\(String(repeating: " ", count: width - name.count))  \(help)"
        }.joined(separator: "\n")
    }
}
