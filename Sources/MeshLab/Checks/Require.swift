/// - Throws: ``LabError`` where the condition does not hold.
func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard condition else { throw LabError(otherwise()) }
}

/// Mends what `body` needed broken, also where it throws: the next check starts from a whole world.
func mended<Value>(_ body: () async throws -> Value, by mend: () async throws -> Void) async throws -> Value {
    do {
        let value = try await body()
        try await mend()
        return value
    } catch {
        try await mend()
        throw error
    }
}
