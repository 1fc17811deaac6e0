internal import EventLog
internal import JSON
public import Views

extension PortRules {
    /// A draw is committed to before it is drawn, and what is revealed is what was drawn: docs/draws.md.
    public static let draw = Rule(
        name: "draw", version: 2, types: [DrawHistory.type],
        requirement:
            "A draw is committed to, then drawn, then revealed, each once and by one agency; by the revealed seed and "
            + "pool anyone comes to the same picks.",
        reads: DrawHistory.fields.map { FieldPath("/" + $0) },
        looks: { event throws(RuleFault) in Rule.Scope(try tag("draw", of: event), types: [DrawHistory.type]) },
        initial: DrawHistory(),
        fold: { history, earlier in history.take(earlier) },
        requires: { history, event in history.finding(on: event) })
}

/// What is known of one draw.
struct DrawHistory: Sendable {
    static let type = "sanhu.selection.drawn"
    static let fields = [
        "draw", "stage", "commitment", "count", "rate", "poolHash", "poolSize", "picks", "officerCount",
        "officerPoolHash", "officers", "officerPool",
    ]
    /// So many objects fit an event in any case: a smaller pool is told, so that anyone can run the draw again.
    private static let alwaysFits = 200

    private var stages: [String: LedgerEvent] = [:]

    mutating func take(_ event: LedgerEvent) {
        if let stage = event.data?["stage"]?.string, stages[stage] == nil { stages[stage] = event }
    }

    func finding(on event: LedgerEvent) -> Rule.Finding {
        guard let data = event.data, let stage = data["stage"]?.string else {
            return Self.broken([], "Give its stage.")
        }
        if let known = stages[stage] { return Self.broken([known], "It is \(stage) already: begin another draw.") }
        if let other = stages.values.first(where: {
            $0.agency != event.agency && !event.predecessors.contains($0.agency)
        }) {
            return Self.broken([other], "It is a draw of \(other.agency): only that agency goes on with it.")
        }
        switch stage {
        case "committed":
            guard stages.isEmpty else { return Self.broken(Array(stages.values), "It is drawn already.") }
            guard data["commitment"]?.string != nil, data["count"] != nil || data["rate"] != nil else {
                return Self.broken([], "Give the commitment to the seed, and the count or the rate.")
            }
            return .satisfied
        case "drawn":
            guard let committed = stages["committed"] else {
                return Self.broken([], "Nobody has committed to its seed: append the stage committed first.")
            }
            return drawn(data, committed)
        case "revealed":
            guard let committed = stages["committed"], let drawn = stages["drawn"] else {
                return Self.broken(Array(stages.values), "It is not drawn yet.")
            }
            return revealed(data, committed, drawn)
        default: return Self.broken([], "Its stage is committed, drawn or revealed.")
        }
    }

    private func drawn(_ data: JSONValue, _ committed: LedgerEvent) -> Rule.Finding {
        guard data["poolHash"]?.string != nil, let size = data["poolSize"]?.integer, size > 0, let picks = data["picks"]
        else { return Self.broken([], "Give the pool's hash, its size, and the picks.") }
        // What follows counts by it.
        guard size <= Int64(Draw.poolObjects) else { return Self.broken([], DrawError.pool(objects: Int(size)).reason) }
        let number = Self.number(committed, of: size)
        guard picks.elements.count == number else {
            return Self.broken(
                [committed], "By its commitment \(number) of \(size) are picked; these are \(picks.elements.count).")
        }
        let promised = committed.data?["officerCount"]?.integer ?? 0
        guard promised == data["officerCount"]?.integer ?? promised else {
            return Self.broken([committed], "By its commitment \(promised) officers are drawn.")
        }
        guard promised == 0 || data["officers"] != nil && (data["officerPoolHash"] ?? data["officerPool"]) != nil else {
            return Self.broken([committed], "Give the officers who were drawn, and their pool or its hash.")
        }
        return .satisfied
    }

    private func revealed(
        _ data: JSONValue, _ committed: LedgerEvent, _ drawn: LedgerEvent
    ) -> Rule.Finding {
        guard let seed = data["seed"]?.string.flatMap(Self.bytes) else {
            return Self.broken([], "Give the seed: 64 hexadecimal digits in lower case.")
        }
        guard Draw.commitment(to: seed) == committed.data?["commitment"]?.string else {
            return Self.broken([committed], "The seed is not that of the commitment.")
        }
        guard let pool = data["pool"].map(Self.texts) else {
            // One that is too long for an event is kept elsewhere, and known by its hash.
            let isSame = data["poolHash"] != nil && data["poolHash"]?.string == drawn.data?["poolHash"]?.string
            guard data["poolReference"] != nil, isSame, drawn.data?["poolSize"]?.integer ?? 0 > Self.alwaysFits else {
                return Self.broken(
                    [drawn],
                    "Give the pool; or, of one of more than \(Self.alwaysFits), where it is kept and the hash of the pool "
                        + "that was drawn from.")
            }
            let picks = drawn.data?["picks"].map(Self.texts) ?? []
            if let selected = data["selected"].map(Self.texts), selected != picks {
                return Self.broken([drawn], "What was selected is what was picked: \(Self.list(picks)).")
            }
            return officers(data, seed, committed, drawn)
        }
        do throws(DrawError) {
            let draw = try Draw(seed: seed, pool: pool)
            guard try Draw.hash(ofPool: pool) == drawn.data?["poolHash"]?.string,
                Int64(draw.pool.count) == drawn.data?["poolSize"]?.integer
            else { return Self.broken([drawn], "The pool is not the one that was drawn from.") }
            let picks = draw.picks(Self.number(committed, of: Int64(draw.pool.count)))
            guard picks == drawn.data?["picks"].map(Self.texts) else {
                return Self.broken([drawn], "By this seed and pool others are picked: \(Self.list(picks)).")
            }
            if let selected = data["selected"].map(Self.texts), selected != picks {
                return Self.broken([drawn], "What was selected is what was picked: \(Self.list(picks)).")
            }
        } catch {
            return Self.broken([], error.reason)
        }
        return officers(data, seed, committed, drawn)
    }

    /// Whether the officers are those whom the seed gives: as many as were promised, or as were said when it was drawn.
    private func officers(
        _ data: JSONValue, _ seed: [UInt8], _ committed: LedgerEvent, _ drawn: LedgerEvent
    ) -> Rule.Finding {
        let count = committed.data?["officerCount"]?.integer ?? drawn.data?["officerCount"]?.integer ?? 0
        guard count > 0 else { return .satisfied }
        guard let pool = data["officerPool"].map(Self.ids) else {
            return Self.broken([drawn], "Give the pool of officers.")
        }
        do throws(DrawError) {
            let hash = try Draw.hash(ofPool: pool)
            var known = drawn.data?["officerPoolHash"]?.string
            if known == nil, let told = drawn.data?["officerPool"] { known = try Draw.hash(ofPool: Self.ids(told)) }
            // Officers are drawn by the seed and their own pool alone.
            let officers = try Draw(seed: seed, pool: pool).officers(Int(clamping: count), of: pool)
            guard hash == known, officers == drawn.data?["officers"].map(Self.ids) else {
                return Self.broken([drawn], "By this seed and this pool other officers are drawn.")
            }
            return .satisfied
        } catch {
            return Self.broken([], error.reason)
        }
    }

    /// How many are picked of a pool: the count, or the share, rounded up.
    private static func number(_ committed: LedgerEvent, of size: Int64) -> Int {
        let share = committed.data?["rate"]?.integer.map {
            (size.multipliedReportingOverflow(by: $0).0 + 9_999) / 10_000
        }
        return Int(max(0, min(committed.data?["count"]?.integer ?? share ?? 0, size)))
    }

    private static func broken(_ against: [LedgerEvent], _ remedy: String) -> Rule.Finding {
        .broken(against: against.map(\.position).sorted(), remedy: remedy)
    }

    private static func texts(_ value: JSONValue) -> [String] { value.elements.compactMap(\.string) }

    private static func ids(_ value: JSONValue) -> [String] {
        value.elements.compactMap { $0["id"]?.string ?? $0.string }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }

    /// The bytes that 64 digits in lower case stand for.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count == text.utf8.count, digits.count == 2 * Draw.seedBytes else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
