public import EventLog
internal import JSON

extension ExchangeLedger {
    /// Amends the charter, durable on return.
    ///
    /// - Parameter event: The CloudEvent, of type `sanhu.charter.amended`, signed by as many agencies as the charter wants.
    /// - Returns: Its position.
    /// - Throws: ``ExchangeError``: as ``Charter/applying(_:position:recorded:)``; `.schemaRefused` for a schema that does not
    ///   compile, whose marks cannot be hidden, or whose tags would name persons after their erasure; `.conflict` if the charter was amended meanwhile; `.log`.
    public func amend(_ event: [UInt8]) async throws(ExchangeError) -> Position {
        guard let root = try? JSONDocument(parsing: event).root, root["type"]?.string == CharterAmendment.type,
            let data = root["data"]
        else {
            throw ExchangeError(
                .malformedCharter, "An amendment is a CloudEvent of type \(CharterAmendment.type) with its data.")
        }
        let amendment = try CharterAmendment(data)
        let (charter, now, head) = try current { state throws(ExchangeError) in
            (try state.charter(), state.now, state.folded)
        }
        try Self.checkSchemas(of: charter.applying(amendment, position: head, recorded: now), since: charter, at: now)
        let agency = amendment.signatures.first.flatMap { charter.key($0.key, at: now)?.agency }
        let draft = EventDraft(
            agency: agency ?? charter.amendmentRule(at: now).agencies[0], tags: charter.tags(of: amendment),
            event: event)
        let condition = AppendCondition(noneMatching: Query(types: CharterTags.types), after: head - 1)
        do throws(LogError) {
            return try await log.append(AppendRequest([draft], conditions: [condition]))[0].position
        } catch {
            throw ExchangeError(error)
        }
    }

    /// Checks the schemas that an amendment brings into force, for the first time or again, and for kinds of tags that it
    /// makes personal all that stay in force. So every schema that is not over has been held against all personal kinds.
    private static func checkSchemas(
        of charter: Charter, since before: Charter, at now: Timestamp
    ) throws(ExchangeError) {
        let (kinds, old) = (charter.personalTagKinds, before.personalTagKinds)
        for schema in charter.allSchemas() {
            let isOver = schema.validity.hasEnded(at: now)
            if before.schema(schema.uri).map({ $0.validity.hasEnded(at: now) && !isOver }) ?? true {
                // Kinds that became personal while it was over are new to it as well.
                _ = try EventSchema(schema, personalKinds: kinds)
            } else if kinds != old, !isOver {
                _ = try EventSchema(schema, personalKinds: kinds.subtracting(old))
            }
        }
    }
}
