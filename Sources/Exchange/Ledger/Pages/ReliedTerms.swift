internal import EventLog

/// By which grants and rules classified fields were disclosed.
struct ReliedTerms: Sendable, Hashable {
    /// The most grants and rules together.
    static let maximum = 1024

    /// By their positions.
    private(set) var grants: Set<Position> = []
    /// By their ids.
    private(set) var rules: Set<String> = []

    init(grants: Set<Position> = [], rules: Set<String> = []) {
        self.grants = grants
        self.rules = rules
    }

    var isEmpty: Bool { grants.isEmpty && rules.isEmpty }

    /// Adds what is to be recorded of a read.
    ///
    /// - Throws: ``ExchangeError`` with code `.limitExceeded`.
    mutating func add(_ records: [AccessRecord]) throws(ExchangeError) {
        for record in records {
            switch record.basis {
            case .disclosed(.grant(let position)): grants.insert(position)
            case .disclosed(.rule(let id)): rules.insert(id)
            case .disclosed(.owner), .disclosed(.sender), .disclosed(.sharingClass), .denied: break
            }
        }
        guard grants.count + rules.count <= Self.maximum else {
            throw ExchangeError(
                .limitExceeded,
                "The read relies on more than \(Self.maximum) grants and rules; read a smaller part of the log.")
        }
    }
}

extension ExchangeLedger {
    /// Checks that what the parts of a read before one relied on still holds, and adds on what this one relies. Call it after
    /// the decision on the part, before anything of it is given out: what is gone by then may not have opened anything in it.
    ///
    /// - Parameter began: When the first of the parts was read.
    /// - Throws: ``ExchangeError``: `.grantEnded`, `.ruleEnded`, `.invalidCursor`, `.limitExceeded`.
    func rely(
        on records: [AccessRecord], after relied: inout ReliedTerms, for claim: Reader, since began: Timestamp
    ) throws(ExchangeError) {
        let before = relied
        try current { state throws(ExchangeError) in try state.check(before, for: claim, since: began) }
        try relied.add(records)
    }
}

extension ExchangeState {
    /// Whether what earlier parts of a read relied on still holds for a reader, and nothing has come that closes it.
    ///
    /// - Parameter began: When the first of them was read.
    /// - Throws: ``ExchangeError``: `.grantEnded` or `.ruleEnded`, which say what ended and how; `.invalidCursor` if there is
    ///   no such grant.
    func check(_ relied: ReliedTerms, for claim: Reader, since began: Timestamp) throws(ExchangeError) {
        guard !relied.isEmpty else { return }
        let (charter, now) = (try charter(), now)
        for position in relied.grants.sorted() { try check(grant: position, of: claim, at: now) }
        let rules = charter.sharingRules(at: now)
        for id in relied.rules.sorted() where !rules.contains(where: { $0.id == id && $0.effect == .permit }) {
            throw Self.ended(
                "the sharing rule “\(id)”, on which earlier parts of the read relied, is no longer in force")
        }
        let reader = charter.confirmed(claim, at: now)
        guard reader.kind != .public || claim.agency == nil else {
            throw Self.ended("\(claim.agency ?? "") is no longer a member, or nobody there has the role any more")
        }
        guard let purpose = claim.purpose, charter.purpose(purpose, at: now) != nil else {
            throw Self.ended("the purpose “\(claim.purpose ?? "")” is no longer in force")
        }
        let earlier = Set(history.charter(asOf: began)?.sharingRules(at: began) ?? [])
        let isNewlyClosed = rules.contains { rule in
            rule.effect == .prohibit && rule.readers.matches(reader) && !earlier.contains(rule)
        }
        if isNewlyClosed { throw Self.ended("a rule that prohibits has come into force") }
    }

    private func check(grant position: Position, of claim: Reader, at now: Timestamp) throws(ExchangeError) {
        // What grants others have is not told to who makes cursors up.
        guard let record = book.grants[position], record.grant.agency == claim.agency
        else { throw ExchangeError(.invalidCursor, "The cursor names a grant that this reader never had.") }
        let how: String
        if let end = record.end {
            how = "\(end.cause.rawValue) at position \(end.at.position), \(end.at.time)"
        } else if let to = record.grant.validity.to, to <= now {
            how = "expired at \(to)"
        } else {
            return
        }
        throw ExchangeError(
            .grantEnded,
            "The grant at position \(position), on which earlier parts of the read relied, has ended: \(how). \(Self.remedy)"
        )
    }

    private static func ended(_ what: String) -> ExchangeError {
        ExchangeError(.ruleEnded, "What earlier parts of the read were disclosed by has ended: \(what). \(remedy)")
    }

    private static let remedy = "Begin anew, without a cursor: what may no longer be seen is then withheld."
}
