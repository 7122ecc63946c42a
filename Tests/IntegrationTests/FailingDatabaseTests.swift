import Testing

/// Tests that freeze, kill and restart mongod, one after the other and alone: they measure time.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 30 : 4)), .database, .alone, .serialized)
enum FailingDatabase {}
