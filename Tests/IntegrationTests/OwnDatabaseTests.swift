import Testing

/// Tests that start each a database of their own. They end long before the limit; but they wait for their turns in it.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 60 : 15)))
enum OwnDatabase {}
