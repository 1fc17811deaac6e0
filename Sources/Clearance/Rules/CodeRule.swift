internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// Commodity codes are those of the edition in force on the day (代码版本, S02). A code of another edition is kept, and its
    /// sender is told: code lists change while goods are at sea.
    public static let codes = Rule(
        name: "codes", version: 1, types: ["sanhu.declaration.lodged", "sanhu.declaration.amended"],
        requirement: "Commodity codes are of the edition of the Harmonised System that is in force on the day.",
        effect: .warn,
        looks: { event throws(RuleFault) in
            guard !CodeShelf.codes(in: event).isEmpty else { return nil }
            let object = event.tags.first { $0.isOf(kind: "declaration") || $0.isOf(kind: "lrn") }
            return try object.map { object throws(RuleFault) in
                Rule.Scope(object: object, query: Query([try PolicyShelf.item("data-standard")]))
            }
        },
        initial: CodeShelf(),
        fold: { shelf, earlier in shelf.take(earlier) },
        requires: { shelf, event in shelf.finding(on: event) })
}

/// The code lists that were published, by edition.
struct CodeShelf: Sendable {
    /// How many codes a warning names.
    private static let named = 8

    /// A policy's part of an edition.
    private struct Part: Sendable {
        let policy: PolicyShelf.Policy
        let edition: String
        let codes: Set<String>
    }

    private var shelf = PolicyShelf()
    private var parts: [Part] = []

    /// The six digits by which the goods of a declaration are classified.
    static func codes(in event: LedgerEvent) -> [String] {
        (event.data?["items"]?.elements ?? []).compactMap { item in
            item["hs6"]?.string ?? item["hsCode"]?.string.map { String($0.prefix(6)) }
        }
    }

    mutating func take(_ event: LedgerEvent) {
        guard shelf.take(event), let policy = shelf.policies.last else { return }
        for standard in event.data?["standards"]?.elements ?? [] where standard["name"]?.string == "HS" {
            let codes = standard["codes"]?.elements.compactMap(\.string) ?? []
            guard !codes.isEmpty, let edition = standard["edition"]?.string else { continue }
            parts.append(Part(policy: policy, edition: edition, codes: Set(codes)))
        }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        let valid = Set(shelf.inForce(on: event.day, by: PolicyPublishers.of("data-standard")).map(\.event.position))
        let inForce = parts.filter { valid.contains($0.policy.event.position) }
        // Where no list is in force nothing can be said.
        guard !inForce.isEmpty else { return .satisfied }
        var unknown: [String] = []
        for code in Self.codes(in: event) where !inForce.contains(where: { $0.codes.contains(code) }) {
            if !unknown.contains(code) { unknown.append(code) }
        }
        guard !unknown.isEmpty else { return .satisfied }
        let editions = Set(inForce.map(\.edition)).sorted().joined(separator: ", ")
        let told = unknown.prefix(Self.named).map { code in
            let others = Set(parts.filter { $0.codes.contains(code) }.map(\.edition)).sorted()
            return others.isEmpty ? "\(code) (in no edition)" : "\(code) (edition \(others.joined(separator: ", ")))"
        }
        let more = unknown.count > Self.named ? " and \(unknown.count - Self.named) more" : ""
        return .broken(
            by: inForce.map(\.policy.event),
            "Not in edition \(editions), in force on \(event.day): \(told.joined(separator: ", "))\(more). It is kept as it is: "
                + "amend the declaration if the goods are to be classified anew.")
    }
}
