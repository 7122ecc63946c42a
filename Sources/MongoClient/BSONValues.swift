import CMongoC

/// What stands in a document, read by paths such as `hosts.0`. It borrows the document, and must not outlive it.
struct BSONValues {
    private let document: OpaquePointer

    /// - Parameter document: borrowed; `nil` comes of one that is not valid BSON.
    init?(_ document: OpaquePointer) {
        guard bson_validate(document, BSON_VALIDATE_NONE, nil) else { return nil }
        self.document = document
    }

    /// - Parameter document: borrowed; libbson's own, so it needs no check.
    init(of document: BSON) {
        self.document = document.pointer
    }

    func has(_ path: String) -> Bool {
        cmongoc_has_path(document, path)
    }

    func string(_ path: String) -> String? {
        cmongoc_string(document, path).map { String(cString: $0) }
    }

    func boolean(_ path: String) -> Bool? {
        var value = false
        return cmongoc_boolean(document, path, &value) ? value : nil
    }

    func integer(_ path: String) -> Int32? {
        var value: Int64 = 0
        return cmongoc_integer(document, path, &value) ? Int32(clamping: value) : nil
    }

    /// The paths of the elements of an array; none where there is no array.
    func elements(_ path: String) -> [String] {
        var elements: [String] = []
        while has("\(path).\(elements.count)") { elements.append("\(path).\(elements.count)") }
        return elements
    }

    /// Of an array, the strings.
    func strings(_ path: String) -> [String] {
        elements(path).compactMap(string)
    }
}
