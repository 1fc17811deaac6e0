internal import Clearance
internal import EventLog
internal import Exchange
internal import JSON
internal import Views

extension WhyTeller {
    /// What a rule finds at the head of then, and of what had happened by then in truth.
    struct Rerun {
        let then: RuleRerun
        let truth: RuleRerun?
    }

    /// What is told of some entries to who asks; those of which nothing is told are left out. Nothing classified is opened, but
    /// of events that are sealed as a whole.
    func told(_ positions: some Collection<Position>) async throws(ReplayError) -> [Position: Why.Told] {
        var told: [Position: Why.Told] = [:]
        let ledger = ledger
        let (reader, known) = (reader, known)
        let all = Set(positions).sorted()
        for start in stride(from: 0, to: all.count, by: 1_000) {
            let part = all[start..<min(start + 1_000, all.count)]
            let asked = FieldsAsked(Dictionary(part.map { ($0, [String]()) }, uniquingKeysWith: { $1 }))
            let seen = try await ReplayError.reading { () async throws(ExchangeError) in
                try await ledger.seen(
                    asked, by: reader, asOf: known.earlier, before: known.position, upcasting: .standard)
            }
            for entry in seen {
                guard let event = entry.event else {
                    if seesStubs { told[entry.position] = .stub }
                    continue
                }
                let root = (try? JSONDocument(parsing: event.event, limits: Self.limits))?.root
                told[event.position] = .event(
                    agency: event.agency, type: root?["type"]?.string ?? "", recorded: event.recorded,
                    id: root?["id"]?.string ?? "")
            }
        }
        return told
    }

    // MARK: Rules

    func reruns() throws(ReplayError) -> [Rerun] {
        let (book, position, known, ledger) = (book, position, known, ledger)
        return try ReplayError.exchange { () throws(ExchangeError) in
            let then = try book.rerun(at: position, before: position)
            guard !then.isEmpty else { return [] }
            let mergers = try ledger.mergers()
            let own = Happening(event, root, mergers)
            let truth = try book.rerun(at: position, before: known.position) { events in
                // What happened at the very same time, and came later, follows from it.
                let all = events.map { Happening($0) }
                let before = all.filter {
                    $0.corrects != nil || $0.position < own.position || $0.occurred < own.occurred
                }
                let account = TrueAccount(of: before, at: own.occurred)
                let counted = account.ordered(events) { $0.position }
                return counted.filter { $0.position < own.position || Happening($0).occurred < own.occurred }
            }
            return then.map { rerun in Rerun(then: rerun, truth: truth.first { $0.rule.name == rerun.rule.name }) }
        }
    }

    func tell(_ reruns: [Rerun], to why: inout Why) async throws(ReplayError) {
        for rerun in reruns {
            let then = rerun.then
            var outcome = Why.RuleRun.Outcome.untold
            let isWhole = try await seesAll(of: then)
            if isWhole || seesStubs { outcome = then.finding.outcome }
            var asTrue: Why.RuleRun.Outcome?
            if let truth = rerun.truth, truth.finding.outcome != then.finding.outcome {
                let seesTruth = try await seesAll(of: truth)
                asTrue = seesTruth && isWhole || seesStubs ? truth.finding.outcome : nil
            }
            let told = try await told(then.read.suffix(Self.named) + then.finding.against)
            let read = then.read.suffix(Self.named)
            why.rules.append(
                Why.RuleRun(
                    rule: then.rule.name, version: then.rule.version, effect: then.rule.effect.rawValue,
                    requirement: then.rule.requirement, object: object(of: then), outcome: outcome,
                    against: outcome == .untold ? [] : then.finding.against.filter { told[$0] != nil }.sorted(),
                    remedy: isWhole ? then.finding.remedy : nil, read: read.filter { told[$0] != nil },
                    more: then.count - read.count, hasHidden: read.contains { told[$0] == nil }, asTrue: asTrue))
        }
    }

    /// Whether who asks sees all that a rule folded, with nothing withheld of what it reads.
    private func seesAll(of rerun: RuleRerun) async throws(ReplayError) -> Bool {
        guard rerun.isTellable else { return false }
        let all = Set(rerun.read + rerun.finding.against)
        guard !all.isEmpty else { return true }
        let (book, reader) = (book, reader)
        let whole = try await ReplayError.reading { () async throws(ExchangeError) in
            try await book.seenWhole(all.sorted(), by: reader, rerun.rule.reads)
        }
        return whole.isSuperset(of: all)
    }

    /// What a rule looked at, if it stands in the event as who asks sees it.
    private func object(of rerun: RuleRerun) -> String? {
        guard let object = rerun.object else { return nil }
        let said = root["data"]?[String(object.kind)]?.string
        return event.tags.contains(object) || said == String(object.value) ? object.text : nil
    }

    // MARK: Grounds

    func rest(
        _ reruns: [Rerun], among earlier: [Known], in why: inout Why
    ) async throws(ReplayError) {
        var first: [(position: Position, how: String)] = []
        for position in try positions(namedBy: EventNames(in: root), among: earlier) {
            first.append((position, "named"))
        }
        if let act = why.act { first.append((act.cause, "cause")) }
        for rerun in reruns {
            for position in rerun.then.read { first.append((position, "rule \(rerun.then.rule.name)")) }
        }
        var known: Set<Position> = [position]
        first = first.filter { known.insert($0.position).inserted }
        if first.count > Self.grounds { why.hasMore = true }
        // What it names comes before what a rule read; of that the last.
        first =
            first.filter { !$0.how.hasPrefix("rule") } + first.filter { $0.how.hasPrefix("rule") }.suffix(Self.grounds)
        let roots = Dictionary(earlier.map { ($0.event.position, $0.root) }, uniquingKeysWith: { $1 })
        let told = try await told(known.union(roots.keys))
        if first.contains(where: { told[$0.position] == nil }) { why.hasMore = true }
        var left = Self.grounds
        func ground(_ position: Position, _ how: String, _ depth: Int) throws(ReplayError) -> Why.Ground? {
            guard left > 0, let said = told[position] else { return nil }
            left -= 1
            var rests: [Why.Ground] = []
            if depth < Self.depth, case .event = said, let root = roots[position] {
                for named in try positions(namedBy: EventNames(in: root), among: earlier) where named < position {
                    guard known.insert(named).inserted || depth == 0 else { continue }
                    if let inner = try ground(named, "named", depth + 1) { rests.append(inner) }
                }
            }
            return Why.Ground(position: position, how: how, told: said, rests: rests)
        }
        for (position, how) in first {
            if let ground = try ground(position, how, 0) { why.grounds.append(ground) }
        }
    }

    // MARK: Grants

    /// The grants under which the deciding agency could see what the decision rested on.
    func see(to why: inout Why) async throws(ReplayError) {
        let inputs = Set(why.rules.flatMap(\.read) + why.grounds.map(\.position)).sorted().suffix(1_000)
        let (ledger, event) = (ledger, event)
        guard !inputs.isEmpty else { return }
        let found = try ReplayError.exchange { () throws(ExchangeError) in
            let grants = try ledger.grants(inForceAt: event.recorded, for: event.agency, before: event.position)
            var sights: [Why.Sight] = []
            for grant in grants.prefix(64) {
                let agency = Reader(
                    .authority, agency: event.agency, role: grant.roles.first, purpose: grant.purpose,
                    caseName: grant.caseName)
                let masks = try ledger.masks(
                    at: Array(inputs), for: agency, asOf: event.recorded, before: event.position)
                let opened = masks.compactMap { mask -> (position: Position, pointers: [String])? in
                    let pointers = mask.parts.filter { $0.decision.basis == .grant(grant.position) }.map(\.pointer)
                    return pointers.isEmpty ? nil : (mask.position, pointers)
                }
                guard !opened.isEmpty else { continue }
                sights.append(
                    Why.Sight(
                        grant: grant.position, owner: grant.owner, purpose: grant.purpose, caseName: grant.caseName,
                        opened: opened))
            }
            return sights
        }
        // A grant is told to those who see the event that gave it.
        let told = try await told(found.map(\.grant))
        for sight in found {
            if case .event = told[sight.grant] { why.sights.append(sight) }
        }
    }

    // MARK: Later

    /// Types that undo or end what they name.
    private static let ending = [
        "corrected", "lifted", "revoked", "cleared", "disputed", "expired", "withdrawn", "reopened", "claimed",
    ]

    func later(_ reruns: [Rerun]) async throws(ReplayError) -> [Why.Later] {
        var found: [Position: String] = [:]
        for known in try about(from: position + 1, to: known.position) {
            let type = known.root["type"]?.string ?? ""
            guard Self.ending.contains(where: type.hasSuffix),
                EventNames(in: known.root).name(root, at: position)
            else { continue }
            found[known.event.position] = type.hasSuffix("corrected") ? "corrected" : "named"
        }
        for late in reruns.compactMap(\.truth).flatMap(\.read) where late > position && found[late] == nil {
            found[late] = "late"
        }
        let told = try await told(found.keys)
        return found.sorted { $0.key < $1.key }.compactMap { position, how in
            told[position].map { Why.Later(position: position, how: how, told: $0) }
        }
    }
}

extension Rule.Finding {
    fileprivate var outcome: Why.RuleRun.Outcome { if case .broken = self { .broken } else { .satisfied } }

    fileprivate var against: [Position] { if case .broken(let against, _) = self { against } else { [] } }

    fileprivate var remedy: String? { if case .broken(_, let remedy) = self { remedy } else { nil } }
}

extension Happening {
    /// An event as rules get it.
    init(_ event: LedgerEvent) {
        let wrong = event.type == CaseEvent.recordCorrected.type ? event.data?["event"]?.string : nil
        self.init(
            position: event.position, recorded: event.recorded, time: event.root["time"]?.string, id: event.identity.id,
            source: event.identity.source, agency: event.agency, predecessors: event.predecessors,
            corrects: wrong.map { Corrected(id: $0, source: event.data?["source"]?.string) })
    }

    /// An event as somebody sees it.
    init(_ event: SeenEntry.Event, _ root: JSONValue, _ mergers: Mergers) {
        let isCorrection = root["type"]?.string == CaseEvent.recordCorrected.type
        let wrong = isCorrection ? root["data"]?["event"]?.string : nil
        self.init(
            position: event.position, recorded: event.recorded, time: root["time"]?.string,
            id: root["id"]?.string ?? "", source: root["source"]?.string, agency: event.agency,
            predecessors: mergers.predecessors(of: event.agency, at: event.recorded),
            corrects: wrong.map { Corrected(id: $0, source: root["data"]?["source"]?.string) })
    }
}
