/// The syntax tree of a regular expression. Groups are not kept apart: only whether a text matches is asked.
indirect enum PatternNode {
    case empty
    case set(ScalarSet)
    case sequence([PatternNode])
    case alternation([PatternNode])
    /// A node repeated; without a maximum, any number of times.
    case repetition(PatternNode, minimum: Int, maximum: Int?)
    case assertion(PatternAssertion)

    /// Whether a match can begin only where the text begins.
    var isAnchored: Bool {
        switch self {
        case .empty, .set: false
        case .assertion(let assertion): assertion == .start
        case .sequence(let nodes): nodes.first?.isAnchored ?? false
        case .alternation(let nodes): nodes.allSatisfy(\.isAnchored)
        case .repetition(let node, let minimum, _): minimum > 0 && node.isAnchored
        }
    }
}
