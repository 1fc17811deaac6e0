internal import Views

/// A permit that a declaration names, or that was dealt with for it: what was found about it as a whole and for its items.
struct DeclaredPermit: Sendable, Hashable {
    enum Verification: Sendable, Hashable {
        case none, match, mismatch, exempt
    }

    struct WriteOff: Sendable, Hashable, NamedByOthers {
        let id: String
        let source: String
        let agency: String
        /// A local reference may be that of several declarations.
        let declaration: String?
        let quantity: Int64
    }

    struct Item: Sendable, Hashable {
        let number: Int64
        var verification = Verification.none
        var writeOffs: [WriteOff] = []
    }

    let number: String
    /// Of what was verified without an item: it holds for each.
    private var whole = Verification.none
    private var items: [Item] = []

    init(_ number: String) {
        self.number = number
    }

    /// A use for each item that was named; one without, if none was.
    var uses: [PermitUse] {
        guard !items.isEmpty else {
            return [PermitUse(permit: number, item: nil, state: Self.state(whole, isWrittenOff: false), quantity: nil)]
        }
        return items.map { item in
            // What does not match as a whole matches for no item, until it is found to match as a whole.
            let verification = whole == .mismatch || item.verification == .none ? whole : item.verification
            return PermitUse(
                permit: number, item: item.number,
                state: Self.state(verification, isWrittenOff: !item.writeOffs.isEmpty),
                quantity: item.writeOffs.first?.quantity)
        }
    }

    private static func state(_ verification: Verification, isWrittenOff: Bool) -> PermitUse.State {
        switch verification {
        case .mismatch: .mismatched
        case _ where isWrittenOff: .writtenOff
        case .exempt: .exempt
        case .match: .matched
        case .none: .declared
        }
    }

    mutating func verify(_ step: CaseStep) {
        let isExempt = step["writeOff"] == .json(Array("false".utf8))
        let found: Verification = step.text("result") == "match" ? isExempt ? .exempt : .match : .mismatch
        if let number = step["item"].wholeNumber {
            items[place(number)].verification = found
        } else {
            whole = found
        }
    }

    mutating func writeOff(_ step: CaseStep) {
        items[place(step["item"].wholeNumber ?? 0)].writeOffs.append(
            WriteOff(
                id: step.id, source: step.source ?? "", agency: step.agency,
                declaration: step.text("declaration"), quantity: step["quantity"].wholeNumber ?? 0))
    }

    /// Takes back a write-off that a step names.
    mutating func reverse(_ step: CaseStep) {
        // Which is meant is told among all of permit and declaration, as in the permit's account.
        let all = items.flatMap(\.writeOffs).filter { $0.declaration == step.text("declaration") }
        for reversed in all.indices(namedIn: "event", of: step).map({ all[$0] }) {
            for index in items.indices { items[index].writeOffs.removeAll { $0 == reversed } }
        }
    }

    private mutating func place(_ number: Int64) -> Int {
        if let found = items.firstIndex(where: { $0.number == number }) { return found }
        items.append(Item(number: number))
        return items.count - 1
    }
}

extension [DeclaredPermit] {
    /// Takes in that the declaration names a permit.
    mutating func declare(_ permit: String) { _ = place(permit) }

    /// Takes in a step about a permit; others change nothing.
    mutating func take(_ step: CaseStep) {
        guard let permit = step.text("permit") else { return }
        switch step.event {
        case .permitVerified: self[place(permit)].verify(step)
        case .permitWrittenOff: self[place(permit)].writeOff(step)
        case .recordCorrected where step.text("declaration") != nil:
            // Only what names the declaration as well is in the permit's account: or it would count there still.
            if let index = firstIndex(where: { $0.number.isSame(as: permit) }) { self[index].reverse(step) }
        default: break
        }
    }

    private mutating func place(_ permit: String) -> Int {
        if let found = firstIndex(where: { $0.number.isSame(as: permit) }) { return found }
        append(DeclaredPermit(permit))
        return count - 1
    }
}
