/// A JSON document, read by paths such as `configs.0.name`; by libbson.
public final class JSONDocument {
    private let document: BSON

    /// - Returns: `nil` where the text is no JSON object.
    public init?(_ text: String) {
        guard let document = try? BSON(extendedJSON: text) else { return nil }
        self.document = document
    }

    /// The string at a path.
    public func string(_ path: String) -> String? { values.string(path) }

    /// Whether there is anything at a path.
    public func has(_ path: String) -> Bool { values.has(path) }

    /// The paths of the elements of the array at a path; none where there is no array.
    public func elements(_ path: String) -> [String] { values.elements(path) }

    /// Of the array at a path, the strings.
    public func strings(_ path: String) -> [String] { values.strings(path) }

    private var values: BSONValues { BSONValues(of: document) }
}
