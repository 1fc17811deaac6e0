public import EventLog
internal import Transparency

/// Which subjects have been erased, and which may not be: a fold over the events of erasure and legal hold.
///
/// An event that breaks a rule has no effect, for whoever folds the same log.
public struct ErasureRegister: Sendable {
    /// An erasure that was ordered.
    public struct Fence: Sendable, Hashable {
        public let position: Position
        public let recorded: Timestamp
        /// Who ordered it.
        public let agency: String
        public let fence: ErasureFence
        public let basis: String
    }

    /// A legal hold.
    public struct Hold: Sendable, Hashable {
        public let position: Position
        public let recorded: Timestamp
        /// Who placed it, and may lift it.
        public let agency: String
        /// The subject, blinded.
        public let subject: [UInt8]
        public let caseName: String
        public let basis: String
        /// Where it was lifted; nil while it is in force.
        public internal(set) var lifted: Position?

        /// The subject as the log writes it.
        public var subjectText: String { Base64.encode(subject, .url) }
    }

    /// The fences, in the order of the log.
    public private(set) var fences: [Fence] = []
    /// All holds, in the order of the log.
    public private(set) var holds: [Hold] = []
    private var erased: [[UInt8]: Int] = [:]
    private var holdIndex: [Position: Int] = [:]
    /// The holds in force, by subject.
    private var inForce: [[UInt8]: Set<Int>] = [:]

    public init() {}

    /// The number of the last fence; 0 if there is none.
    public var lastFence: UInt64 { fences.last?.fence.number ?? 0 }

    /// The fence of a subject that was erased, or nil.
    func fence(of subject: [UInt8]) -> Fence? { erased[subject].map { fences[$0] } }

    /// The oldest hold in force on a subject, or nil.
    func hold(on subject: [UInt8]) -> Hold? { inForce[subject]?.min().map { holds[$0] } }

    /// A hold, by the position at which it was placed.
    public func hold(at position: Position) -> Hold? { holdIndex[position].map { holds[$0] } }

    /// Whether an event follows from those before it.
    ///
    /// - Parameters:
    ///   - agency: Who appends it.
    ///   - charter: The charter of its time, which says whose successor an agency is.
    /// - Throws: ``ExchangeError``: `.conflict`, `.legalHold`, `.subjectErased`, `.unknownHold`, `.notOwner`.
    func check(
        _ event: ErasureEvent, by agency: String, under charter: Charter?, at time: Timestamp
    ) throws(ExchangeError) {
        switch event {
        case .ordered(let fence, _):
            guard fence.number > lastFence else {
                throw ExchangeError(
                    .conflict, "The fence \(fence.number) does not come after the last, \(lastFence).",
                    pointer: "/data/fence")
            }
            try checkNotErased(fence.subject)
            try checkNotHeld(fence.subject)
        case .holdPlaced(let subject, _, _): try checkNotErased(subject)
        case .holdLifted(let position):
            guard let hold = hold(at: position), hold.lifted == nil else {
                throw ExchangeError(
                    .unknownHold, "There is no hold in force that was placed at position \(position).",
                    pointer: "/data/hold")
            }
            let holder = charter?.successor(of: hold.agency, at: time)?.code ?? hold.agency
            guard holder == agency else {
                throw ExchangeError(
                    .notOwner,
                    "The hold at position \(position) was placed by \(hold.agency), which alone may lift it.",
                    pointer: "/data/hold")
            }
        }
    }

    func checkNotHeld(_ subject: [UInt8]) throws(ExchangeError) {
        guard let hold = hold(on: subject) else { return }
        throw ExchangeError(
            .legalHold,
            "The subject may not be erased: a legal hold of \(hold.agency), placed at position \(hold.position), is in "
                + "force. Once that agency has lifted it, order the erasure again.")
    }

    private func checkNotErased(_ subject: [UInt8]) throws(ExchangeError) {
        guard let fence = fence(of: subject) else { return }
        throw ExchangeError(
            .subjectErased, "The subject has been erased already, by the order at position \(fence.position).")
    }

    /// Takes the next event.
    ///
    /// - Throws: As ``check(_:by:under:at:)``; the event has no effect then.
    mutating func apply(
        _ event: ErasureEvent, by agency: String, under charter: Charter?, at moment: RecordedAt
    ) throws(ExchangeError) {
        try check(event, by: agency, under: charter, at: moment.time)
        switch event {
        case .ordered(let fence, let basis):
            erased[fence.subject] = fences.count
            fences.append(
                Fence(
                    position: moment.position, recorded: moment.time, agency: agency, fence: fence, basis: basis))
        case .holdPlaced(let subject, let caseName, let basis):
            holdIndex[moment.position] = holds.count
            inForce[subject, default: []].insert(holds.count)
            holds.append(
                Hold(
                    position: moment.position, recorded: moment.time, agency: agency, subject: subject,
                    caseName: caseName, basis: basis))
        case .holdLifted(let position):
            guard let index = holdIndex[position] else { return }
            holds[index].lifted = moment.position
            inForce[holds[index].subject]?.remove(index)
        }
    }
}
