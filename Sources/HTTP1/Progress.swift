/// What became of bytes that a part of the parser was given.
enum Progress {
    /// All are read, and the part is not complete.
    case needsMore
    /// The part is complete.
    case done
    case refused(Refusal)
}
