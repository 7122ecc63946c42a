import Network

/// Why a connection string cannot be used. Its description holds no secret.
public enum ConnectionStringError: Error, Equatable, CustomStringConvertible {
    /// The string has not the format of one.
    case malformed(reason: String)

    /// An option, by its name, with what is wrong with it.
    case option(String, problem: String)

    /// A file that the string names (`tlsCAFile`, `tlsCertificateKeyFile`) is missing, empty or not ours to read.
    case unreadableFile(option: String, path: String, reason: String)

    /// A file that it names is not what TLS needs.
    case unusableFile(TLSFileError)

    public var description: String {
        switch self {
        case .malformed(let reason): "malformed connection string: \(reason)"
        case .option(let name, let problem): "\(name) \(problem)"
        case .unreadableFile(let option, let path, let reason): "cannot read \(option) \(path): \(reason)"
        case .unusableFile(let error): "\(error)"
        }
    }
}
