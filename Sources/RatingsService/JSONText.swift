/// JSON as the original writes strings.
enum JSONText {
    /// A string as `JSON.stringify` writes it: quotes, backslashes and control characters escaped, everything else as it
    /// is (<https://tc39.es/ecma262/#sec-quotejsonstring>).
    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\u{08}": json += "\\b"
            case "\u{0c}": json += "\\f"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\u{00}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
