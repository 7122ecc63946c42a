import SeededRandom

/// Texts that are JSON, or nearly.
enum RandomJSON {
    /// A JSON text, or one with a character too many, too few or wrong.
    static func text(_ random: inout SeededGenerator) -> String {
        var text = value(depth: 0, &random)
        guard Bool.random(using: &random), !text.isEmpty else { return text }
        let index = text.index(text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &random))
        switch Int.random(in: 0...2, using: &random) {
        case 0: text.remove(at: index)
        case 1: text.insert("{}[]\":,\\ue-+.019 tfn\n".randomElement(using: &random) ?? " ", at: index)
        default: text = String(text[..<index])
        }
        return text
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> String {
        let space = [" ", "", "", "\n", "\t\r"].randomElement(using: &random) ?? ""
        let kind = Int.random(in: 0...(depth < 5 ? 9 : 5), using: &random)
        switch kind {
        case 0: return space + (["true", "false", "null"].randomElement(using: &random) ?? "") + space
        case 1...3: return space + number(&random) + space
        case 4, 5: return space + string(&random) + space
        case 6, 7:
            let values = (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1, &random) }
            return "\(space)[\(values.joined(separator: ","))\(space)]"
        default:
            let members = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                "\(space)\(string(&random))\(space):\(value(depth: depth + 1, &random))"
            }
            return "{\(members.joined(separator: ","))\(space)}"
        }
    }

    private static func number(_ random: inout SeededGenerator) -> String {
        let integers = ["0", "-0", "1", "-17", "900", "1234567890123456789012"]
        let fractions = ["", "", ".5", ".000", ".25"]
        let exponents = ["", "", "e1", "E+10", "e-07"]
        return [integers, fractions, exponents].map { $0.randomElement(using: &random) ?? "" }.joined()
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "é", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\uD834", "\u{7f}", " ", "{[,:]}", "\u{2028}",
        ]
        let text = (0..<Int.random(in: 0...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        return "\"\(text.joined())\""
    }
}
