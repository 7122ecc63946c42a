/// - Throws: ``LabError`` where the condition does not hold.
func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
    guard condition else { throw LabError(otherwise()) }
}
