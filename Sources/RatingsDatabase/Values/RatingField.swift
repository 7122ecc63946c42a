/// The field `rating` of a document, as the original has it.
enum RatingField {
    /// Its JSON; `nil` where the original finds no such property: it is missing or undefined, or the document counts as a
    /// DBRef, which has no such property, because it has a `$id`.
    ///
    /// - Parameter document: a whole BSON document, borrowed.
    /// - Throws: ``BSONFault`` where js-bson refuses the document, or a limit is passed.
    static func json(
        in document: UnsafeRawBufferPointer, limits: ValueLimits = ValueLimits()
    ) throws(BSONFault) -> [UInt8]? {
        let reader = BSONReader(document)
        try BSONCheck.document(reader, limits: limits)
        let elements = try reader.root()
        var rating: BSONElement?
        var hasID = false
        var offset = elements.lowerBound
        while let element = try reader.element(at: offset, before: elements.upperBound) {
            let key = try reader[element.key]
            // Of two elements with the same key the last one counts.
            if key.elementsEqual("rating".utf8) { rating = element }
            if key.elementsEqual("$id".utf8) { hasID = !element.type.isNullOrUndefined }
            offset = element.end
        }
        guard let rating, rating.type != .undefined, !hasID else { return nil }
        return try ValueEncoder.json(of: rating, in: reader, limits: limits)
    }
}
