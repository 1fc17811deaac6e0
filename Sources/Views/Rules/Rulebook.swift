public import EventLog
public import Exchange
internal import Synchronization

/// Decides by rules before events are appended, and appends them on the condition that nothing that matters has come since.
///
/// ```swift
/// let book = try Rulebook(of: ledger, rules: [balance, oneRelease])
/// let receipts = try await book.append(events, as: "CUS")
/// ```
///
/// Use one for a ledger: writers who meet at the same object go one after another in it. Whoever appends past it is not
/// asked by the rules, but what others append by it is decided anew then. Safe from any thread.
public final class Rulebook: Sendable {
    public let ledger: ExchangeLedger
    public let rules: [Rule]
    let upcasters: Upcasters
    /// By type, the rules that concern events of it, in their order.
    private let numbers: [String: [Int]]
    private let history: RuleHistory
    private let turns = Turns<RuleHistory.Key>()
    /// Called when the head has been taken on which is decided, for tests.
    private let probe: @Sendable () -> Void

    /// - Throws: ``ViewError`` with code `.invalidName` for a name or version that is none, or is there twice.
    public convenience init(
        of ledger: ExchangeLedger, rules: [Rule], upcasters: Upcasters = .standard
    ) throws(ViewError) {
        try self.init(of: ledger, rules: rules, upcasters: upcasters, probe: {})
    }

    init(
        of ledger: ExchangeLedger, rules: [Rule], upcasters: Upcasters = .standard,
        probe: @escaping @Sendable () -> Void
    ) throws(ViewError) {
        var titles: Set<String> = []
        for rule in rules {
            try ViewDefinition.validate(name: rule.name, version: rule.version)
            guard titles.insert(rule.name).inserted else {
                throw ViewError(.invalidName, "There are two rules of the name “\(rule.name)”.")
            }
        }
        self.ledger = ledger
        self.rules = rules
        self.upcasters = upcasters
        self.probe = probe
        var numbers: [String: [Int]] = [:]
        for (number, rule) in rules.enumerated() {
            for type in rule.types { numbers[type, default: []].append(number) }
        }
        self.numbers = numbers
        history = RuleHistory(ledger, upcasters)
    }

    /// Appends events of an agency together, if the rules allow it. Durable on return.
    ///
    /// An event that is in the log already is known again before any rule is asked.
    ///
    /// - Returns: For each event its receipt.
    /// - Throws: ``ExchangeError`` as ``ExchangeLedger/append(_:as:)``; `.ruleBroken`, naming rule, object, what stands against
    ///   it so far as the agency sees that, and what would satisfy it; `.noPower` if a breach is to be recorded and the
    ///   charter does not let the platform; `.conflict` if what matters changes faster than it can be decided on.
    /// - Complexity: O(*n*) in what is new of what matters.
    public func append(_ events: [AgencyEvent], as agency: String) async throws(ExchangeError) -> [Receipt] {
        try await append(events, as: agency, lasting: [], telling: Reader(.authority, agency: agency)).receipts
    }

    /// As ``append(_:as:)``, and tells of what rules with effect `.warn` find. What was in the log already is warned of no more.
    ///
    /// - Parameter conditions: What must not have come meanwhile, by what the agency itself has read.
    /// - Throws: As ``append(_:as:)``, and ``ExchangeLedger/conditions(_:of:)``; `.conflict` with what the log says of each
    ///   condition that is broken.
    public func appendTelling(
        _ events: [AgencyEvent], as agency: String, on conditions: [AppendCondition] = []
    ) async throws(ExchangeError) -> (receipts: [Receipt], warnings: [RuleWarning]) {
        try await append(
            events, as: agency, lasting: ledger.conditions(conditions, of: agency),
            telling: Reader(.authority, agency: agency))
    }

    /// As the other, on conditions that must hold whatever the rules say.
    ///
    /// - Parameter reader: As whom the refusal's reader sees.
    func append(
        _ events: [AgencyEvent], as agency: String, lasting: [AppendCondition], telling reader: Reader
    ) async throws(ExchangeError) -> (receipts: [Receipt], warnings: [RuleWarning]) {
        let isConcerned = events.contains(where: concerns)
        let prepared = isConcerned ? try? self.prepared(events, agency) : nil
        let events = prepared?.handed ?? events
        let wanted = prepared.map(turnsNeeded) ?? []
        await turns.take(wanted)
        defer { turns.give(wanted) }
        // Of the last time it was decided.
        let warnings = Mutex<[RuleWarning]>([])
        let receipts = try await ledger.append(events, as: agency) { drafts async throws(ExchangeError) in
            guard isConcerned else {
                var decision = AppendDecision()
                decision.lasting = lasting
                return decision
            }
            var (decision, told) = try await self.decide(events, drafts, agency, telling: reader, prepared)
            warnings.withLock { $0 = told }
            decision.lasting = lasting
            return decision
        }
        return (receipts, warnings.withLock(\.self))
    }

    /// Whose turn must be waited for: by queries as they are asked, for nothing of the events has been checked yet, and no
    /// key is made for them. What cannot be read is refused later. Those who only look at something, a list of fees, do not
    /// stand in each other's way: a turn is for those whose events are of the types that they look at.
    func turnsNeeded(_ events: [AgencyEvent], _ agency: String) -> [RuleHistory.Key] {
        (try? prepared(events, agency)).map(turnsNeeded) ?? []
    }

    private func turnsNeeded(_ prepared: Prepared) -> [RuleHistory.Key] {
        var keys: Set<RuleHistory.Key> = []
        let types = Set(prepared.events.map(\.type))
        for scopes in prepared.scopes {
            for (number, scope) in (try? scopes.get()) ?? [] where scope.query.looks(atAnyOf: types) {
                keys.insert(RuleHistory.Key(rule: number, query: scope.query))
            }
        }
        guard keys.count > 1 else { return Array(keys) }
        // By bytes: names that only look alike must have one order as well, or two would wait for each other.
        return keys.map { (key: $0, name: Array("\($0.rule) \($0.query)".utf8)) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(\.key)
    }

    /// Whether any rule is about an event's type.
    private func concerns(_ event: AgencyEvent) -> Bool {
        guard !rules.isEmpty, let type = event.type else { return false }
        return numbers[type] != nil
    }

    /// Events as they would be read, and by what.
    private struct Prepared: Sendable {
        let terms: OwnTerms
        let mergers: Mergers
        let events: [LedgerEvent]
        /// As they are to be appended.
        let handed: [AgencyEvent]
        /// What matters for each, or why that cannot be said.
        let scopes: [Result<[(rule: Int, scope: Rule.Scope)], ExchangeError>]
    }

    private func prepared(_ events: [AgencyEvent], _ agency: String) throws(ExchangeError) -> Prepared {
        let own = try ledger.ownEvents(events, of: agency, upcasting: upcasters)
        let predecessors = own.mergers.predecessors(of: agency, at: own.time)
        let plain = own.events.map { LedgerEvent($0, agency, own.time, predecessors) }
        let scopes = plain.map { event in
            Result { () throws(ExchangeError) in try self.scopes(of: event) }
        }
        return Prepared(terms: own.terms, mergers: own.mergers, events: plain, handed: own.handed, scopes: scopes)
    }

    /// What matters for an event, by the rules that concern it.
    private func scopes(of event: LedgerEvent) throws(ExchangeError) -> [(rule: Int, scope: Rule.Scope)] {
        var found: [(Int, Rule.Scope)] = []
        for number in numbers[event.type] ?? [] {
            let rule = rules[number]
            do throws(RuleFault) {
                if let scope = try rule.looks(event) { found.append((number, scope)) }
            } catch {
                throw ExchangeError(
                    .ruleBroken, "The rule \(rule.name) cannot be held against the event: \(error.reason)")
            }
        }
        return found
    }

    /// What the rules look at for an event, as entries are found by it.
    func queries(for event: AgencyEvent, as agency: String) throws(ExchangeError) -> [Query] {
        var scopes: [(rule: Int, scope: Rule.Scope)] = []
        for plain in try prepared([event], agency).events { scopes += try self.scopes(of: plain) }
        return try scopes.map { scope throws(ExchangeError) in try ledger.stored(scope.scope.query) }
    }

    // MARK: Deciding

    /// On what is decided: events as they would stand after a head, and those of them that stand below it.
    private struct Basis {
        let terms: OwnTerms
        let head: Position
        let plain: [LedgerEvent]
        let scopes: [Result<[(rule: Int, scope: Rule.Scope)], ExchangeError>]
        let known: Set<EventIdentity>
    }

    private func basis(
        _ events: [AgencyEvent], _ agency: String, _ first: Prepared?
    ) throws(ExchangeError) -> Basis {
        var prepared = first
        while true {
            let (terms, head, time) = try ledger.ownMoment()
            probe()
            // As long as the same entries read the same, so do these.
            if prepared?.terms != terms { prepared = try self.prepared(events, agency) }
            guard let prepared, prepared.terms == terms else { continue }
            let predecessors = prepared.mergers.predecessors(of: agency, at: time)
            let plain = prepared.events.enumerated().map { index, event in
                event.standing(at: head + Position(index), time, predecessors)
            }
            // Looked up after the head was taken: what is found below the head is known, and is not held against itself.
            let known = try knownPositions(plain.map(\.identity), agency)
            // One that came in between is neither folded nor decided on: those that follow from it would be refused wrongly.
            guard known.values.allSatisfy({ $0 < head }) else { continue }
            return Basis(terms: terms, head: head, plain: plain, scopes: prepared.scopes, known: Set(known.keys))
        }
    }

    private func decide(
        _ events: [AgencyEvent], _ drafts: [EventDraft?], _ agency: String, telling reader: Reader,
        _ prepared: Prepared?
    ) async throws(ExchangeError) -> (decision: AppendDecision, warnings: [RuleWarning]) {
        var decision = AppendDecision()
        var warnings: [RuleWarning] = []
        let basis = try basis(events, agency, prepared)
        let (terms, head) = (basis.terms, basis.head)
        var conditions: Set<AppendCondition> = []
        var earlier: [LedgerEvent] = []
        var seen = basis.known
        for (index, event) in basis.plain.enumerated() where seen.insert(event.identity).inserted {
            for (number, scope) in try basis.scopes[index].get() {
                let key = RuleHistory.Key(rule: number, query: try ledger.stored(scope.query))
                var memory = try history.memory(key, of: rules[number], at: head, terms)
                for event in earlier where key.query.matches(type: event.type, tags: event.tags) { memory.fold(event) }
                conditions.insert(AppendCondition(noneMatching: key.query, after: head - 1))
                guard case .broken(let against, let remedy) = memory.finding(on: event) else { continue }
                let ruling = RuleRuling(
                    rule: rules[number], object: scope.object, event: event, index: index, against: against,
                    remedy: remedy, head: head, folded: memory.isTellable ? memory.positions : nil)
                switch rules[number].effect {
                case .refuse: throw try await refusal(ruling, telling: reader, of: events.count)
                case .recordBreach: decision.notes.append(try ruling.breach(in: ledger))
                case .warn: warnings.append(try await warning(ruling, telling: reader))
                }
            }
            earlier.append(drafts[index].map { event.with(tags: $0.tags) } ?? event)
        }
        decision.conditions = conditions.isEmpty ? [] : conditions + [OwnTerms.condition(head: head)]
        return (decision, warnings)
    }

    /// Those of some events that their agency has in the log, and where.
    private func knownPositions(
        _ identities: [EventIdentity], _ agency: String
    ) throws(ExchangeError) -> [EventIdentity: Position] {
        do throws(LogError) {
            let found = try ledger.log.entries(of: identities).filter {
                LedgerEvent.agency(of: $0.value.bytes) == agency
            }
            return Dictionary(found.map { (identities[$0.key], $0.value.position) }, uniquingKeysWith: { $1 })
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
    }
}

extension Query {
    /// Whether events of any of some types may match.
    fileprivate func looks(atAnyOf types: Set<String>) -> Bool {
        items.isEmpty || items.contains { $0.types.isEmpty || !types.isDisjoint(with: $0.types) }
    }
}
