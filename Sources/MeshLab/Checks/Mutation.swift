/// A change of the world that one check, and no other, has to notice.
struct Mutation: Sendable {
    /// The check's name.
    var check: String
    /// What is changed, for a person.
    var what: String
    /// Runs right before the check.
    var mutate: @Sendable () async throws -> Void
    /// Runs right after it.
    var mend: @Sendable () async throws -> Void
}
