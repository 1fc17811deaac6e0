internal import Crypto
package import EventLog
internal import JSON
internal import Transparency

extension ExchangeLedger {
    /// Appends events as ``append(_:as:)`` does, if what is decided about them allows it.
    ///
    /// - Parameter decide: Asked after the events were found good, each time the append is tried. What it throws is thrown.
    /// - Returns: Receipts for the events, not for what the platform notes with them.
    /// - Throws: ``ExchangeError`` as ``append(_:as:)``; `.conflict` also where a lasting condition fails.
    package func append(
        _ events: [AgencyEvent], as agency: String, deciding decide: @escaping AppendDecision.Maker
    ) async throws(ExchangeError) -> [Receipt] {
        try await append(events, as: agency, decidingBy: decide)
    }

    /// Adds a decision to what is to be appended.
    ///
    /// - Returns: The indices of the conditions that last.
    func add(_ decision: AppendDecision, to prepared: inout Prepared) async throws(ExchangeError) -> Range<Int> {
        if !decision.notes.isEmpty {
            let notes = try await prepare(decision.notes, Self.platform)
            prepared.request.events += notes.request.events
            prepared.request.conditions += notes.request.conditions
            let times = [prepared.request.recordedBefore, notes.request.recordedBefore]
            prepared.request.recordedBefore = times.compactMap(\.self).min()
        }
        prepared.request.conditions += decision.conditions
        let first = prepared.request.conditions.count
        prepared.request.conditions += decision.lasting
        return first..<prepared.request.conditions.count
    }

    /// Composes an event by the schema that the charter has for its type.
    ///
    /// - Parameter source: A source of the agency; nil for its first one.
    /// - Throws: ``ExchangeError``: `.unknownSchema` if the charter has no schema for the type, `.foreignSource` if it gives
    ///   the agency no source.
    package func composed(
        _ type: String, id: String, data: [UInt8], tags: [Tag] = [], as agency: String, source: String? = nil
    ) throws(ExchangeError) -> AgencyEvent {
        let (schema, source) = try current { state throws(ExchangeError) in
            let (charter, now) = (try state.charter(), state.now)
            guard let schema = charter.schema(forType: type, at: now) else {
                throw ExchangeError(
                    .unknownSchema, "The charter has no schema for \(type): amend it by one, as in Schemas/.")
            }
            guard let source = source ?? charter.source(of: agency, at: now) else {
                throw ExchangeError(
                    .foreignSource, "The charter gives \(agency.prefix(64)) no source to append from.",
                    pointer: "/source")
            }
            return (schema.uri, source)
        }
        var json = JSONWriter(reservingCapacity: data.count + 256)
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", id)
            json.member("source", source)
            json.member("type", type)
            json.member("datacontenttype", "application/json")
            json.member("dataschema", schema)
            json.key("data")
            json.raw(data)
        }
        return AgencyEvent(json.bytes, tags: tags)
    }

    /// An id made of what it names, so that what is appended for the same cause again is known: 128 bits of SHA-256 of the
    /// names, each behind its length.
    package static func derivedID(_ names: [String]) -> String {
        var hash = SHA256()
        for name in names { hash.update(data: Array("\(name.utf8.count):\(name)\n".utf8)) }
        return Base64.encode(Array(hash.finalize().prefix(16)), .url)
    }
}

extension ExchangeLedger.Prepared {
    /// For each event what is to be appended, or nil if it was erased.
    var drafts: [EventDraft?] {
        var rest = request.events.makeIterator()
        return (0..<count).map { erased[$0] == nil ? rest.next() : nil }
    }
}

extension LogError {
    /// Whether an append failed by one of some conditions.
    func breaks(conditions: Range<Int>) -> Bool {
        conflicts.contains { conflict in
            guard case .condition(let index, _) = conflict else { return false }
            return conditions.contains(index)
        }
    }

    /// The failure as it concerns some of the conditions, numbered from the first of them.
    func keeping(conditions: Range<Int>) -> LogError {
        let kept = conflicts.compactMap { conflict -> AppendConflict? in
            switch conflict {
            case .condition(let index, let position):
                conditions.contains(index) ? .condition(index: index - conditions.lowerBound, position: position) : nil
            case .beyondHead(let index, let head):
                conditions.contains(index) ? .beyondHead(condition: index - conditions.lowerBound, head: head) : nil
            default: conflict
            }
        }
        let broken = kept.compactMap { conflict -> String? in
            guard case .condition(let index, let position) = conflict else { return nil }
            return "condition \(index + 1), by the event at position \(position)"
        }
        let reason = "What the append was made conditional on has come: \(broken.joined(separator: "; "))."
        return LogError(.conditionFailed, "\(reason) Read what came, and decide anew.", conflicts: kept)
    }
}
