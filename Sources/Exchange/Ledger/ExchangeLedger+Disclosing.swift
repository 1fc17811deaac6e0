internal import Crypto
public import EventLog
internal import JSON

extension ExchangeLedger {
    /// Composes an event about disclosure or assistance, so that nobody writes its JSON by hand: by the schema that the
    /// charter has for its type, from the agency's source, with an id made of what it says.
    ///
    /// The same event composed again is the same, so that it can be handed in again without harm. Who asks anew for what was
    /// denied gives an id, or the new request is a duplicate of the old one. What is sealed does not enter into the id.
    ///
    /// - Parameters:
    ///   - event: Objects in it whose tags name persons are blinded.
    ///   - detail: What of it is sealed, if anything.
    ///   - id: Unique for the agency; nil to have one made.
    ///   - source: A source of the agency; nil for its first one.
    /// - Throws: ``ExchangeError``: `.eventInvalid` with the path; `.unknownAgency` and `.unknownPurpose` for an owner or a
    ///   purpose that the charter does not know; `.unknownSchema` if it has no schema for the type, `.foreignSource` if it
    ///   gives the agency no source.
    public func compose(
        _ event: DisclosureEvent, detail: DisclosureDetail? = nil, as agency: String, id: String? = nil,
        source: String? = nil
    ) throws(ExchangeError) -> AgencyEvent {
        let event = try blinded(event)
        if let scope = event.scope {
            try current { state throws(ExchangeError) in try Self.check(scope, try state.charter(), at: state.now) }
        }
        let made = try Self.id(event)
        return try composed(event.type, id: id ?? made, data: try event.data(detail), as: agency, source: source)
    }

    /// Composes an event about disclosure or assistance and appends it, durable on return.
    ///
    /// - Returns: The receipt; its position names the request, the decision or the grant from then on.
    /// - Throws: ``ExchangeError`` as ``compose(_:detail:as:id:source:)`` and ``append(_:as:)``, and what makes the event
    ///   impossible: `.notOwner`, `.unknownRequest`, `.unknownGrant`, `.grantEnded`, `.outsideRequest`, `.caseClosed`.
    public func append(
        _ event: DisclosureEvent, detail: DisclosureDetail? = nil, as agency: String, id: String? = nil,
        source: String? = nil
    ) async throws(ExchangeError) -> Receipt {
        let composed = try compose(event, detail: detail, as: agency, id: id, source: source)
        let receipts = try await append([composed], as: agency)
        guard let receipt = receipts.first else { throw ExchangeError(.log, "The log gave no receipt.") }
        return receipt
    }

    /// An id made of what an event says openly: who knew the id could otherwise try what is sealed.
    static func id(_ event: DisclosureEvent) throws(ExchangeError) -> String {
        let digest = SHA256.hash(data: Array("\(event.type)\n".utf8) + (try event.data()))
        return digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func check(
        _ scope: DisclosureScope, _ charter: Charter, at time: Timestamp
    ) throws(ExchangeError) {
        guard charter.agency(scope.owner, at: time) != nil else {
            throw ExchangeError(
                .unknownAgency,
                "\(scope.owner.prefix(64)) is no member of the exchange; ask the agency that owns the "
                    + "fields, as a read names it with what it withholds.", pointer: "/data/owner")
        }
        guard charter.purpose(scope.purpose, at: time) != nil else {
            let known = charter.purposes(at: time).map(\.code).joined(separator: ", ")
            throw ExchangeError(
                .unknownPurpose, "\(scope.purpose.prefix(64)) is no purpose of the charter; it has: \(known).",
                pointer: "/data/purpose")
        }
    }

    /// The event with its objects as entries are tagged with them.
    private func blinded(_ event: DisclosureEvent) throws(ExchangeError) -> DisclosureEvent {
        let kinds = try charter().personalTagKinds
        guard let scope = event.scope,
            scope.objects.contains(where: { TagBlinder.reference(for: $0, kinds: kinds) != nil })
        else { return event }
        var objects: [Tag] = []
        for tag in scope.objects { objects.append(try blinded(tag, kinds)) }
        return event.with(
            DisclosureScope(
                owner: scope.owner, fields: scope.fields, roles: scope.roles, objects: objects, purpose: scope.purpose,
                caseName: scope.caseName, from: scope.from, to: scope.to))
    }

    private func blinded(_ tag: Tag, _ kinds: Set<String>) throws(ExchangeError) -> Tag {
        guard let reference = TagBlinder.reference(for: tag, kinds: kinds) else { return tag }
        guard let key = try keys.existingKey(for: reference) else {
            throw ExchangeError(
                .eventInvalid, "Nothing in the ledger is about the one of the kind “\(tag.kind)” that is named.",
                pointer: "/data/objects")
        }
        return try TagBlinder.blinded(tag, under: key)
    }
}

extension DisclosureEvent {
    fileprivate func with(_ scope: DisclosureScope) -> DisclosureEvent {
        switch self {
        case .requested(let request): .requested(DisclosureRequest(scope, under: request.assistance))
        case .assistanceRequested(let request):
            .assistanceRequested(AssistanceRequest(request.kind, scope, deadline: request.deadline))
        default: self
        }
    }
}

extension Charter {
    /// The schema by which events of a type are to be written at a time: the last of its line that is in force.
    ///
    /// - Complexity: O(*n* log *n*) in the number of schemas.
    func schema(forType type: String, at time: Timestamp) -> RegisteredSchema? {
        let candidates = schemas.all(at: time) { $0.type == type }
        let replaced = Set(candidates.compactMap(\.replaces?.uri))
        return candidates.last { !replaced.contains($0.uri) }
    }

    /// A source from which an agency appends at a time: the first by name that is its own.
    ///
    /// - Complexity: O(*n* log *n*) in the number of sources.
    func source(of agency: String, at time: Timestamp) -> String? {
        sources.all(at: time) { $0.agency == agency }.first?.prefix
    }
}
