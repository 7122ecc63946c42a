import CMongoC

/// Messages of MongoDB's wire protocol (<https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/>) that are
/// sent without the driver.
public enum WireMessage {
    /// `{hello: 1}` to the database `admin`, as OP_MSG.
    public static let hello = command(#"{"hello": 1, "$db": "admin"}"#, number: 1)

    /// `{ping: 1}` to the database `admin`, as OP_MSG.
    static let ping = command(#"{"ping": 1, "$db": "admin"}"#, number: pingNumber)

    /// The number of ``ping``, which its reply names. The driver counts its own from 1.
    static let pingNumber: UInt32 = 0x7fff_fffe

    /// How many bytes a message's header has.
    static let headerLength = 16

    private static func command(_ json: String, number: UInt32) -> [UInt8] {
        guard let command = try? BSON(extendedJSON: json) else { return [] }
        let body = UnsafeBufferPointer(
            start: bson_get_data(command.pointer), count: Int(cmongoc_length(command.pointer)))
        // Length, request's number, in answer to none, OP_MSG; no flags; a section of kind 0.
        let words: [UInt32] = [UInt32(headerLength + 4 + 1 + body.count), number, 0, 2013, 0]
        let header: [UInt8] = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        return header + [0] + Array(body)
    }
}
