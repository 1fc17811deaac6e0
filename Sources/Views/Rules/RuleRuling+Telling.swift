package import EventLog
package import Exchange
internal import JSON

extension Rulebook {
    /// How many positions a refusal names.
    private static let named = 16

    /// What somebody, usually the sender, is told of a rule that refuses its event: rule, object, and what the rule requires. What stands against
    /// it is named only so far as they see these entries whole, and what would satisfy it only if they see all that
    /// was folded. So what is said depends on no sealed value; that something sealed is there, the missing remedy tells.
    func refusal(_ ruling: RuleRuling, telling reader: Reader, of count: Int) async throws(ExchangeError)
        -> ExchangeError
    {
        let reason = try await text(of: ruling, "refuses", telling: reader)
        return ExchangeLedger.numbered(ExchangeError(.ruleBroken, reason), ruling.index, of: count)
    }

    /// What the sender is told of a rule that warns of its event: as of a refusal.
    func warning(_ ruling: RuleRuling, telling reader: Reader) async throws(ExchangeError) -> RuleWarning {
        RuleWarning(
            index: ruling.index, rule: ruling.rule.name, object: ruling.object,
            reason: try await text(of: ruling, "warns of", telling: reader))
    }

    private func text(
        of ruling: RuleRuling, _ verb: String, telling reader: Reader
    ) async throws(ExchangeError) -> String {
        let inLog = Set(ruling.against + (ruling.folded ?? [])).filter { $0 < ruling.head }.sorted()
        let whole = try await seenWhole(
            Array(inLog.prefix(RuleMemory.tellable * 2)), by: reader, ruling.rule.reads)
        let isSeen = { (position: Position) in position >= ruling.head || whole.contains(position) }
        var against = ruling.against.filter(isSeen).sorted().prefix(Self.named).map { position in
            position < ruling.head ? "position \(position)" : "event \(position - ruling.head + 1) of the same append"
        }
        if !ruling.against.allSatisfy(isSeen) { against.append("something you may not see") }
        var reason = "The rule \(ruling.rule.name) \(verb) the event about \(ruling.object). \(ruling.rule.requirement)"
        if !against.isEmpty { reason += " Against it stands \(against.joined(separator: ", "))." }
        if let folded = ruling.folded, (folded + ruling.against).allSatisfy(isSeen) { reason += " \(ruling.remedy)" }
        return reason
    }

    /// Those of some positions whose entries a reader sees, with nothing withheld, erased or lost of what a rule reads. What
    /// is disclosed to find it out is on record as of any read.
    package func seenWhole(
        _ positions: [Position], by reader: Reader, _ reads: [FieldPath]?
    ) async throws(ExchangeError) -> Set<Position> {
        // What the rule does not read is not disclosed to find this out.
        let seen: [SeenEntry]
        if let reads {
            let asked = Dictionary(positions.map { ($0, reads.map(\.pointer)) }) { first, _ in first }
            seen = try await ledger.seen(FieldsAsked(asked), by: reader, asOf: nil, upcasting: upcasters)
        } else {
            seen = try await ledger.seen(at: positions, by: reader, asOf: nil, upcasting: upcasters)
        }
        return Set(
            seen.compactMap { entry in
                guard let event = entry.event else { return nil }
                let hidden = event.withheld.map(\.pointer) + event.gone.map(\.pointer)
                let isMissed = hidden.contains { pointer in
                    reads?.contains { $0.meets(FieldPath(pointer)) } ?? true
                }
                return isMissed ? nil : event.position
            })
    }
}

extension RuleRuling {
    static let breached = "sanhu.rule.breached"

    /// The event by which the platform records the breach. Its id is made of rule and cause, so it is recorded once.
    ///
    /// - Throws: ``ExchangeError`` with code `.noPower`, if the charter has no schema or source for it.
    func breach(in ledger: ExchangeLedger) throws(ExchangeError) -> AgencyEvent {
        // Tags of persons stand in the data as in the log, so that an erasure leaves nothing behind.
        let object = try ledger.stored(object)
        var data = JSONWriter()
        data.object { data in
            data.member("rule", rule.name)
            data.member("version", Int64(rule.version))
            data.member("object", object.text)
            data.key("cause")
            data.object { data in
                data.member("source", event.identity.source)
                data.member("id", event.identity.id)
            }
            data.key("against")
            data.array { data in
                for position in against.filter({ $0 < head }).prefix(64) { data.integer(Int64(position)) }
            }
        }
        let id = ExchangeLedger.derivedID([rule.name, event.identity.source, event.identity.id])
        do throws(ExchangeError) {
            return try ledger.composed(
                Self.breached, id: id, data: data.bytes, tags: [self.object], as: ExchangeLedger.platform)
        } catch {
            throw ExchangeError(
                .noPower,
                "The rule \(rule.name) is to record a breach, which the charter does not let "
                    + "\(ExchangeLedger.platform): \(error.reason)")
        }
    }
}
