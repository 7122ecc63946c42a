import Testing

/// Tests that change what the collection `ratings` holds, one after the other.
@Suite(.database, .serialized)
enum ChangingDatabase {}
