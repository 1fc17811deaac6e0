/// How a declaration fares.
enum SampleOutcome: Sendable, CaseIterable {
    /// Accepted and released without an inspection.
    case released
    /// Refused for a fault, amended, and then released without an inspection.
    case amended
    /// Flagged and inspected without a finding, by two agencies at once if both must release the goods.
    case inspected
    /// Inspected with a finding and held, then put right and released.
    case held
    /// Inspected with a finding and held, then sent back: never released.
    case refused

    /// Whether the goods are looked at.
    var isInspected: Bool {
        switch self {
        case .released, .amended: false
        case .inspected, .held, .refused: true
        }
    }

    /// Whether the inspection finds something.
    var hasFinding: Bool { self == .held || self == .refused }

    /// An outcome as often as it comes in a port's day: most goods are released at once.
    static func drawn(isImport: Bool, _ random: inout SplitMix64) -> SampleOutcome {
        switch random.below(100) {
        case ..<12: .amended
        case ..<24: .inspected
        case ..<28 where isImport: .held
        case ..<30 where isImport: .refused
        default: .released
        }
    }
}
