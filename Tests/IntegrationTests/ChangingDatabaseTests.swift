import Testing

/// Tests that change what the collection `ratings` holds, one after the other.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 30 : 4)), .database, .serialized)
enum ChangingDatabase {}
