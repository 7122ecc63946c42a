/// One element of a document or an array: its type, and where in the bytes its key and its value stand.
struct BSONElement {
    let type: BSONType
    /// Without the NUL at its end.
    let key: Range<Int>
    /// As <https://bsonspec.org/spec.html> has it for the type, with lengths and NULs.
    let value: Range<Int>

    /// Where the next element, or the end of the document, stands.
    var end: Int { value.upperBound }
}
