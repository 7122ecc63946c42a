import CMongoC

/// An error of the driver or of the server, with the driver's own words.
///
/// Domains and codes: <https://mongoc.org/libmongoc/1.23.1/errors.html> (error API version 2).
public struct MongoError: Error, Equatable, Sendable, CustomStringConvertible {
    /// How far a read had come.
    public enum Step: Sendable {
        /// No usable connection: no server, no agreement on TLS, or the server did not accept the credentials.
        case connect
        /// Connected, but the command or its reply failed.
        case load
    }

    /// `mongoc_error_domain_t`; 0 where the driver gives none.
    public let domain: UInt32
    /// `mongoc_error_code_t`, or the server's code where ``domain`` is `MONGOC_ERROR_SERVER`.
    public let code: UInt32
    /// The driver's or the server's words, without secrets.
    public let message: String

    public init(domain: UInt32, code: UInt32, message: String) {
        self.domain = domain
        self.code = code
        self.message = message
    }

    init(_ error: bson_error_t, redactor: Redactor) {
        var error = error
        let message = String(cString: cmongoc_error_message(&error))
        self.init(domain: error.domain, code: error.code, message: redactor.redact(message))
    }

    /// The pool had no connection to spare within `waitQueueTimeoutMS`; the driver gives no error for it.
    static let poolExhausted = MongoError(domain: 0, code: 0, message: "no free connection in the pool")

    /// At which step a read fails with this error, where the step is not known from elsewhere.
    ///
    /// The driver selects a server and connects again inside a command when it retries one, so an error of a command may
    /// still be one of connecting.
    public var step: Step {
        switch (domain, code) {
        case (0, _), (MONGOC_ERROR_SERVER_SELECTION.rawValue, _),
            (MONGOC_ERROR_SASL.rawValue, _), (MONGOC_ERROR_SCRAM.rawValue, _):
            .connect
        case (MONGOC_ERROR_STREAM.rawValue, MONGOC_ERROR_STREAM_NAME_RESOLUTION.rawValue),
            (MONGOC_ERROR_STREAM.rawValue, MONGOC_ERROR_STREAM_CONNECT.rawValue),
            (MONGOC_ERROR_STREAM.rawValue, MONGOC_ERROR_STREAM_NOT_ESTABLISHED.rawValue):
            .connect
        case (MONGOC_ERROR_CLIENT.rawValue, MONGOC_ERROR_CLIENT_AUTHENTICATE.rawValue),
            (MONGOC_ERROR_CLIENT.rawValue, MONGOC_ERROR_CLIENT_NOT_READY.rawValue):
            .connect
        default:
            .load
        }
    }

    /// Whether the driver found no server to try.
    public var isOfSelection: Bool { domain == MONGOC_ERROR_SERVER_SELECTION.rawValue || domain == 0 }

    /// Whether it is the server's own, in its words.
    public var isOfServer: Bool { domain == MONGOC_ERROR_SERVER.rawValue }

    /// What the driver alone can tell of a server, before the server is asked for anything.
    public enum Kind: Sendable {
        /// `loadBalanced=true`, and the server is behind no load balancer.
        case notALoadBalancer
        /// Driver and server have no version of the protocol in common.
        case incompatible
        case other
    }

    public var kind: Kind {
        switch (domain, code) {
        case (MONGOC_ERROR_CLIENT.rawValue, MONGOC_ERROR_CLIENT_INVALID_LOAD_BALANCER.rawValue): .notALoadBalancer
        case (MONGOC_ERROR_PROTOCOL.rawValue, MONGOC_ERROR_PROTOCOL_BAD_WIRE_VERSION.rawValue): .incompatible
        default: .other
        }
    }

    public var description: String { message }
}
