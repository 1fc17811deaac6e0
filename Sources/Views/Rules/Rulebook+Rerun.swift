package import EventLog
package import Exchange
internal import JSON

/// What a rule finds of an event that is in the log, when it is run again.
package struct RuleRerun: Sendable {
    package let rule: Rule
    /// What it looked at; nil if the rule could not say.
    package let object: Tag?
    package let finding: Rule.Finding
    /// Where stands what it folded, the first of it, in the order of positions.
    package let read: [Position]
    /// How many entries it folded.
    package let count: Int

    /// Whether every entry that it folded is among those named.
    package var isTellable: Bool { read.count == count }
}

extension Rulebook {
    /// Runs the rules that concern an event of the log again, as they would decide on it if what is selected stood before it.
    ///
    /// The rules are those of now; what they read is brought up as always. An event that is sealed as a whole, or is about
    /// persons, carries blinded tags: its tags are taken from its data again, so far as its schema says that they come from there.
    ///
    /// - Parameters:
    ///   - end: What stands below it is read.
    ///   - select: Which of the events that a rule looks at count, in which order; the event itself is not among them.
    /// - Throws: ``ExchangeError``; `.eventInvalid` if the event cannot be read.
    /// - Complexity: O(*n*) in what matters for it.
    package func rerun(
        at position: Position, before end: Position, selecting select: ([LedgerEvent]) -> [LedgerEvent] = { $0 }
    ) throws(ExchangeError) -> [RuleRerun] {
        let ledger = ledger
        let mergers = try ledger.mergers()
        let entries = try reading { () throws(LogError) in [try ledger.log.entry(at: position)] }
        guard let opened = try ledger.opened(entries, upcasting: upcasters).first,
            let stored = LedgerEvent(opened, mergers)
        else { return [] }
        let event = try plain(stored, opened)
        var reruns: [RuleRerun] = []
        for rule in rules where rule.types.contains(event.type) {
            let scope: Rule.Scope
            do throws(RuleFault) {
                guard let looked = try rule.looks(event) else { continue }
                scope = looked
            } catch {
                let finding = Rule.Finding.broken(
                    against: [], remedy: "It cannot be held against the event: \(error.reason)")
                reruns.append(RuleRerun(rule: rule, object: nil, finding: finding, read: [], count: 0))
                continue
            }
            let earlier = try events(of: ledger.stored(scope.query), before: end, but: position, mergers)
            var memory = RuleMemory(rule)
            for event in select(earlier.compactMap(\.event)) { memory.fold(event) }
            for lost in earlier where lost.event == nil { memory.fold(nil, at: lost.position) }
            reruns.append(
                RuleRerun(
                    rule: rule, object: scope.object, finding: memory.finding(on: event),
                    read: memory.positions.sorted(),
                    count: memory.count))
        }
        return reruns
    }

    private func events(
        of query: Query, before end: Position, but position: Position, _ mergers: Mergers
    ) throws(ExchangeError) -> [(position: Position, event: LedgerEvent?)] {
        let (ledger, upcasters) = (ledger, upcasters)
        let entries = try reading { () throws(LogError) in
            try ledger.log.read(query, ReadRange(to: end)).filter { $0.position != position }
        }
        return try ledger.opened(entries, upcasting: upcasters).map { ($0.position, LedgerEvent($0, mergers)) }
    }

    private func reading(_ body: () throws(LogError) -> [Entry]) throws(ExchangeError) -> [Entry] {
        do throws(LogError) {
            return try body()
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
    }

    /// The event with plain tags, where they are blinded.
    private func plain(
        _ event: LedgerEvent, _ opened: SeenEntry.Event
    ) throws(ExchangeError) -> LedgerEvent {
        let ledger = ledger
        let mark = try ledger.foldTerms().marks(of: event.root["dataschema"]?.string ?? "")?.wholeEvent
        let isSealed = mark.map { $0.sharingClass != .public } ?? false
        let personal = try ledger.charter().personalTagKinds
        let kept = isSealed ? [] : event.tags.filter { !personal.contains(String($0.kind)) }
        guard kept.count != event.tags.count else { return event }
        // Its data say what it is about, so far as its schema derives tags from them.
        let handed = AgencyEvent(opened.event, tags: kept)
        guard let own = try? ledger.ownEvents([handed], of: event.agency, upcasting: upcasters).events.first else {
            return event
        }
        return event.with(tags: own.tags)
    }
}
