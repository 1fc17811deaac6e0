/// How a declaration fares.
enum SampleScript: Sendable, CaseIterable {
    /// Accepted and released without an inspection.
    case plain
    /// Refused for a fault, amended, and then released.
    case amended
    /// Documents are asked for, and supplied.
    case documents
    /// An image is taken and reviewed before anything is declared, and the goods go straight after (先期机检).
    case scanned
    /// Flagged and inspected without a finding, by two agencies at once if both must release the goods.
    case inspected
    /// Drawn at random, and inspected without a finding (双随机).
    case drawn
    /// Inspected with a finding and held, then put right and released.
    case held
    /// Inspected with a finding and held, then sent back: never released.
    case refused
    /// Released while tests are pending, and they are passed, or not (先验放后检测).
    case tested
    case failed
    /// Released against a guarantee, and paid in time, or claimed (先放行后缴税).
    case guaranteed
    case claimed
    /// A laboratory's result is recognised; or it was, and is revoked when a flag comes.
    case recognised
    case revoked
    /// A write-off of the wrong quantity is corrected.
    case corrected
    /// Treated against pests before it is released.
    case treated
    /// Withdrawn by the declarant.
    case withdrawn
    /// Closed, and opened again.
    case reopened
    /// Smuggled: found by intelligence, and handed over.
    case smuggled
    /// Inspected by an officer who selected it: a breach of separation.
    case confused
    /// Charged for what is on no list: a breach.
    case overcharged
    /// Exported, and the duty of it refunded; or not, as less has left than was declared.
    case refunded
    case denied

    /// Those that come every day, in their order.
    static let daily: [SampleScript] = allCases.filter { $0 != .plain && $0 != .drawn }

    /// Whether it is about an import alone, or an export alone; nil if either.
    var isImport: Bool? {
        switch self {
        case .plain, .amended, .documents, .inspected: nil
        case .refunded, .denied: false
        default: true
        }
    }

    /// Whether the goods are looked at by an order.
    var isInspected: Bool {
        switch self {
        case .inspected, .drawn, .held, .refused, .smuggled, .confused: true
        default: false
        }
    }

    /// Whether the inspection finds something.
    var hasFinding: Bool { [.held, .refused, .smuggled].contains(self) }

    /// One as often as it comes in a port's day: most goods are released at once.
    static func drawn(isImport: Bool, _ random: inout SplitMix64) -> SampleScript {
        switch (random.below(100), isImport) {
        case (..<9, _): .amended
        case (..<12, _): .documents
        case (..<18, _): .inspected
        case (..<20, true): .held
        case (..<21, true): .refused
        case (..<30, true): .scanned
        case (..<42, true): .guaranteed
        case (..<46, true): .tested
        case (..<49, true): .recognised
        case (..<50, true): .treated
        case (..<40, false): .refunded
        default: .plain
        }
    }
}
