import CMongoC

/// What a server answered to a command, as it was seen on the connection: the driver passes its own words on, and for a
/// refused log-in none of the server's.
public struct ServerReply: Sendable, Equatable {
    /// The server's error (<https://www.mongodb.com/docs/manual/reference/error-codes/>); `nil` where it has none.
    public let code: Int32?
    /// The error's name, such as `AuthenticationFailed`.
    public let codeName: String?
    /// The error in the server's words.
    public let message: String?

    /// - Parameter bytes: a message of the wire protocol (OP_MSG).
    public init?(_ bytes: [UInt8]) {
        guard let body = cmongoc_body_of_reply(bytes, bytes.count) else { return nil }
        defer { bson_destroy(body) }
        guard let values = BSONValues(body) else { return nil }
        code = values.integer("code")
        codeName = values.string("codeName")
        message = values.string("errmsg")
    }
}
