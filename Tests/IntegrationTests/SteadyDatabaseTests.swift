import Testing

/// Tests on a database that nobody changes: two ratings of one star each.
@Suite(.timeLimit(.minutes(Slowness.isSanitized ? 30 : 4)), .database)
enum SteadyDatabase {}
