/// Why a connection string cannot be used. Its description holds no secret.
public enum ConnectionStringError: Error, Equatable, CustomStringConvertible {
    /// The driver cannot parse the string (error domain 11, code 22); with its reason.
    case malformed(reason: String)

    /// A file that the string names (`tlsCAFile`, `tlsCertificateKeyFile`) is missing, empty or not ours to read.
    case unreadableFile(option: String, path: String, reason: String)

    public var description: String {
        switch self {
        case .malformed(let reason): "malformed connection string: \(reason)"
        case .unreadableFile(let option, let path, let reason): "cannot read \(option) \(path): \(reason)"
        }
    }
}
