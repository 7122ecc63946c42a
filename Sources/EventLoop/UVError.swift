import CUV

/// An error of libuv, which is one of the system with its sign changed (<https://docs.libuv.org/en/v1.x/errors.html>).
public struct UVError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Negative.
    public let code: Int32

    public init(code: Int32) {
        self.code = code
    }

    public var description: String { String(cString: uv_strerror(code)) }

    /// - Throws: ``UVError`` where a call's result is one.
    static func check(_ result: Int32) throws(UVError) {
        if result < 0 { throw UVError(code: result) }
    }
}

extension UVError {
    static let endOfFile = UVError(code: UV_EOF.rawValue)
    static let wouldBlock = UVError(code: UV_EAGAIN.rawValue)
    static let addressFamilyNotSupported = UVError(code: UV_EAFNOSUPPORT.rawValue)
    static let addressNotAvailable = UVError(code: UV_EADDRNOTAVAIL.rawValue)
}
