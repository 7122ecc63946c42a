import Testing

/// Tests on a database that nobody changes: two ratings of one star each.
@Suite(.database)
enum SteadyDatabase {}
