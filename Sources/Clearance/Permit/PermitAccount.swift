internal import EventLog
internal import Views

/// The sums of a permit: what it was issued for, and what is written off, each item once. Case files show it, and the rule
/// decides by it.
struct PermitAccount: Sendable, Hashable {
    private struct Item: Sendable, Hashable {
        let declaration: String
        let item: Int64
    }

    /// The step that issued it, or changed it last.
    private(set) var issue: CaseStep?
    /// What its issuer said last of each of its terms: what a later step leaves out stays as it is.
    private var terms: [String: FactValue] = [:]
    private(set) var writeOffs: [PermitBalance.WriteOff] = []
    private var items: [Item: [Int]] = [:]
    private var sum: Int128 = 0

    /// The quantity it was issued for; nil if none is known.
    var issued: Int64? { terms["quantity"]?.integer }

    /// A term as its issuer said it last: unit, validFrom, validUntil.
    func text(_ term: String) -> String? { terms[term]?.plainText }

    /// What is written off, each item once. At the ends of what can be counted it stays there.
    var used: Int64 { Int64(clamping: sum) }

    /// What is left; below zero if more was written off than issued. Nil if it has no quantity that is known.
    var left: Int64? { issued.map { Int64(clamping: Int128($0) - sum) } }

    /// The write-off that counts for an item.
    func counted(_ declaration: String, item: Int64) -> PermitBalance.WriteOff? {
        items[Item(declaration: declaration, item: item)]?.lazy.map { writeOffs[$0] }.first { $0.state == .counted }
    }

    /// Takes in a step about the permit; others change nothing.
    ///
    /// - Complexity: O(1), amortised; of a correction O(*n*) in the write-offs.
    mutating func take(_ step: CaseStep) {
        switch step.event {
        case .permitIssued:
            guard issue == nil || issue?.agency == step.agency else { return }
            issue = step
            for term in ["quantity", "unit", "validFrom", "validUntil"] where step[term] != .missing {
                terms[term] = step[term]
            }
        case .permitWrittenOff:
            guard let declaration = step.text("declaration") else { return }
            let item = step["item"].integer ?? 0
            let place = writeOffs.count
            let isFirst = counted(declaration, item: item) == nil
            writeOffs.append(
                PermitBalance.WriteOff(
                    id: step.id, agency: step.agency, declaration: declaration, item: item,
                    quantity: step["quantity"].integer ?? 0, position: step.position,
                    state: isFirst ? .counted : .repeated))
            items[Item(declaration: declaration, item: item), default: []].append(place)
            if isFirst { sum += Int128(writeOffs[place].quantity) }
        case .recordCorrected:
            // Only what names the declaration as well is in its file: or it would count there still.
            guard let id = step.text("event"), let declaration = step.text("declaration") else { return }
            for place in writeOffs.indices
            where writeOffs[place].id == id && writeOffs[place].agency == step.agency
                && writeOffs[place].declaration.utf8.elementsEqual(declaration.utf8)
            {
                reverse(place)
            }
        default: break
        }
    }

    /// Lets a write-off count no more, and the next of its item in its place.
    private mutating func reverse(_ place: Int) {
        let old = writeOffs[place]
        writeOffs[place].state = .reversed
        guard old.state == .counted else { return }
        sum -= Int128(old.quantity)
        let places = items[Item(declaration: old.declaration, item: old.item)] ?? []
        guard let next = places.first(where: { writeOffs[$0].state == .repeated }) else { return }
        writeOffs[next].state = .counted
        sum += Int128(writeOffs[next].quantity)
    }
}
