/// Passwords for one run.
public enum Secret {
    /// 32 hexadecimal digits from the system's random number generator; needs no escaping in a URL.
    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
