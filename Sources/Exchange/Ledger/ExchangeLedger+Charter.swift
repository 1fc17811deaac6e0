public import EventLog
internal import JSON

extension ExchangeLedger {
    /// Amends the charter, durable on return.
    ///
    /// - Parameter event: The CloudEvent, of type `sanhu.charter.amended`, signed by as many agencies as the charter wants.
    /// - Returns: Its position.
    /// - Throws: ``ExchangeError``: as ``Charter/applying(_:position:recorded:)``; `.schemaRefused` for a schema that does not
    ///   compile or whose marks cannot be hidden; `.conflict` if the charter was amended meanwhile; `.log`.
    public func amend(_ event: [UInt8]) async throws(ExchangeError) -> Position {
        guard let root = try? JSONDocument(parsing: event).root, root["type"]?.string == CharterAmendment.type,
            let data = root["data"]
        else {
            throw ExchangeError(
                .malformedCharter, "An amendment is a CloudEvent of type \(CharterAmendment.type) with its data.")
        }
        let amendment = try CharterAmendment(data)
        for case .schema(let schema) in amendment.values { _ = try EventSchema(schema) }
        let (draft, head) = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            let now = state.now
            _ = try charter.applying(amendment, position: state.folded, recorded: now)
            let agency = amendment.signatures.first.flatMap { charter.key($0.key, at: now)?.agency }
            let draft = EventDraft(
                agency: agency ?? charter.amendmentRule(at: now).agencies[0], tags: charter.tags(of: amendment),
                event: event)
            return (draft, state.folded)
        }
        let condition = AppendCondition(noneMatching: Query(types: CharterTags.types), after: head - 1)
        do throws(LogError) {
            return try await log.append(AppendRequest([draft], conditions: [condition]))[0].position
        } catch {
            throw ExchangeError(error.code == .conditionFailed ? .conflict : .log, error.reason)
        }
    }
}
