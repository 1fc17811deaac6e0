internal import EventLog
internal import Views

/// The sums of a permit: what it was issued for, and what is written off, each item once. Case files show it, and the rule
/// decides by it.
struct PermitAccount: Sendable, Hashable {
    private struct Item: Sendable, Hashable {
        /// Byte for byte.
        let declaration: [UInt8]
        let item: Int64

        init(_ declaration: String, _ item: Int64) {
            self.declaration = Array(declaration.utf8)
            self.item = item
        }
    }

    /// What an issuer said, until it takes that back.
    private struct Issue: Sendable, Hashable, NamedByOthers {
        let step: CaseStep
        var id: String { step.id }
        var source: String { step.source ?? "" }
        var agency: String { step.agency }
    }

    private var issues: [Issue] = []
    private(set) var writeOffs: [PermitBalance.WriteOff] = []
    private var items: [Item: [Int]] = [:]
    private var sum: Int128 = 0

    /// The step that issued it, or changed it last.
    var issue: CaseStep? { issues.last?.step }

    /// The steps by which agencies issued it that are not one and the same: where there are two, nobody can tell whose permit
    /// is meant.
    var rivals: [CaseStep] {
        guard let last = issues.last?.step else { return [] }
        // An agency goes on with the permits of those that have become it.
        let others = issues.filter { !last.isOf($0.agency) }.map(\.step)
        return others.isEmpty ? [] : others + [last]
    }

    /// The quantity it was issued for; nil if none is known.
    var issued: Int64? { term("quantity")?.integer }

    /// A term as its issuer said it last: unit, validFrom, validUntil. What a later step leaves out stays as it is.
    func text(_ term: String) -> String? { self.term(term)?.plainText }

    private func term(_ name: String) -> FactValue? {
        guard rivals.isEmpty else { return nil }
        return issues.last { $0.step[name] != .missing }?.step[name]
    }

    /// What is written off, each item once. At the ends of what can be counted it stays there.
    var used: Int64 { Int64(clamping: sum) }

    /// What is left; below zero if more was written off than issued. Nil if it has no quantity that is known.
    var left: Int64? { issued.map { Int64(clamping: Int128($0) - sum) } }

    /// The write-off that counts for an item.
    func counted(_ declaration: String, item: Int64) -> PermitBalance.WriteOff? {
        items[Item(declaration, item)]?.lazy.map { writeOffs[$0] }.first { $0.state == .counted }
    }

    /// Takes in a step about the permit; others change nothing.
    ///
    /// - Complexity: O(1), amortised; of a correction O(*n*) in the write-offs.
    mutating func take(_ step: CaseStep) {
        switch step.event {
        case .permitIssued: issues.append(Issue(step: step))
        case .permitWrittenOff:
            guard let declaration = step.text("declaration") else { return }
            let item = step["item"].integer ?? 0
            let place = writeOffs.count
            let isFirst = counted(declaration, item: item) == nil
            writeOffs.append(
                PermitBalance.WriteOff(
                    id: step.id, source: step.source ?? "", agency: step.agency, declaration: declaration, item: item,
                    quantity: step["quantity"].integer ?? 0, position: step.position,
                    state: isFirst ? .counted : .repeated))
            items[Item(declaration, item), default: []].append(place)
            if isFirst { sum += Int128(writeOffs[place].quantity) }
        case .recordCorrected:
            guard let declaration = step.text("declaration") else {
                // Only what names the declaration as well is in its file: or a write-off would count there still.
                for index in issues.indices(namedIn: "event", of: step).reversed() { issues.remove(at: index) }
                return
            }
            let places = writeOffs.indices.filter {
                writeOffs[$0].state != .reversed && writeOffs[$0].declaration.isSame(as: declaration)
            }
            let candidates = places.map { writeOffs[$0] }
            for index in candidates.indices(namedIn: "event", of: step) { reverse(places[index]) }
        default: break
        }
    }

    /// Lets a write-off count no more, and the next of its item in its place.
    private mutating func reverse(_ place: Int) {
        let old = writeOffs[place]
        writeOffs[place].state = .reversed
        guard old.state == .counted else { return }
        sum -= Int128(old.quantity)
        let places = items[Item(old.declaration, old.item)] ?? []
        guard let next = places.first(where: { writeOffs[$0].state == .repeated }) else { return }
        writeOffs[next].state = .counted
        sum += Int128(writeOffs[next].quantity)
    }
}
