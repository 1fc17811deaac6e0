/// What holds at a place between characters. There is no flag `m`, so lines are not told apart.
enum PatternAssertion: Hashable, Sendable {
    case start, end, wordBoundary, noWordBoundary
}
