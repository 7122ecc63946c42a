import Testing

/// Tests that freeze, kill and restart mongod, one after the other and alone: they measure time.
@Suite(.database, .alone, .serialized)
enum FailingDatabase {}
