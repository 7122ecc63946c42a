import Testing

/// The tests that bring the lab up, one after the other: what they measure is time, too.
@Suite(.serialized)
enum LabTests {}
