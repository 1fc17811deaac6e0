internal import EventLog
internal import JSON
internal import SelectiveDisclosure
internal import Transparency

/// Verifies what is given of an entry against the entry itself. Keeps its buffers, so use one for many entries.
struct EntryVerifier {
    private static let limits = DisclosureLimits(
        maximumPayloadBytes: LogLimits.entryBytes, maximumDisclosureBytes: LogLimits.disclosureBytes,
        maximumDisclosures: LogLimits.disclosuresPerEvent,
        // Data that are sealed as a whole stand two objects deeper than they were.
        maximumDepth: LogLimits.depth + 2)

    private var form = EntryForm()

    /// What stands in the entry for all, and what its reader is given.
    struct Result {
        let view: EntryView
        let event: SeenEntry.Event
    }

    /// Verifies the form of an entry, each disclosure, and that whatever is not disclosed is accounted for.
    ///
    /// - Throws: ``ReadVerificationError``.
    /// - Complexity: O(*n* + *d* log *d*) in the bytes of entry and disclosures and the number of digests, and
    ///   O(*m*) for each path in the members of its object.
    mutating func verify(
        _ opened: VerifiableEntry.Opened, at position: Position, leaf: MerkleHash
    ) throws(ReadVerificationError) -> Result {
        let view = try view(opened.entry, at: position, leaf)
        // A charter is never sealed, and may hold any JSON in its schemas.
        let event =
            CharterTags.types.contains(view.type) ? try plain(opened, view) : try merged(opened, view)
        return Result(
            view: view,
            event: SeenEntry.Event(
                position: position, recorded: view.recorded, agency: view.agency, tags: view.tags, event: event,
                withheld: opened.withheld, gone: opened.gone))
    }

    private mutating func view(
        _ entry: [UInt8], at position: Position, _ leaf: MerkleHash
    ) throws(ReadVerificationError) -> EntryView {
        let recorded: Timestamp
        do throws(LogError) {
            recorded = try form.parse(entry.span, at: position)
        } catch {
            throw ReadVerificationError(.notAnEntry, error.reason)
        }
        do throws(ExchangeError) {
            return try EntryView(Entry(position: position, recorded: recorded, leafHash: leaf, bytes: entry))
        } catch {
            throw ReadVerificationError(.notAnEntry, error.reason)
        }
    }

    private func plain(
        _ opened: VerifiableEntry.Opened, _ view: EntryView
    ) throws(ReadVerificationError) -> [UInt8] {
        guard opened == VerifiableEntry.Opened(entry: opened.entry) else {
            throw ReadVerificationError(
                .unfoundedPath, "Nothing of a charter event is sealed, so nothing of it is disclosed or withheld.")
        }
        return Array(view.document.bytes[view.eventRange])
    }

    private func merged(
        _ opened: VerifiableEntry.Opened, _ view: EntryView
    ) throws(ReadVerificationError) -> [UInt8] {
        let event = Array(view.document.bytes[view.eventRange])
        let (payload, digests) = try Self.checking { () throws(DisclosureError) in
            let payload = try SealedPayload(event, limits: Self.limits)
            var disclosures: [Disclosure] = []
            disclosures.reserveCapacity(opened.disclosures.count)
            for text in opened.disclosures {
                disclosures.append(try Disclosure(encoded: text, limits: Self.limits))
            }
            let revealed = try payload.revealed(with: disclosures)
            return (try SealedPayload(revealed.payload, limits: Self.limits).document, revealed.digests)
        }
        var account = try DigestAccount(digests, isSealedWhole: opened.isSealedWhole)
        for path in opened.undisclosed { try account.settle(path, in: payload) }
        try account.finish()
        guard opened.isSealedWhole else { return payload.bytes }
        guard opened.undisclosed.contains("") else {
            return try Self.checking { () throws(DisclosureError) in try HandedOverEvent.unwrapped(payload) }
        }
        guard let data = payload.root["data"], data.kind == .object, data.members.isEmpty else {
            throw ReadVerificationError(
                .unfoundedPath, "The event is said to be sealed as a whole, but something of its data stands in clear.")
        }
        return payload.bytes
    }

    /// Does something by the rules of RFC 9901, and says of its failure what it means for the answer.
    private static func checking<Result>(
        _ body: () throws(DisclosureError) -> Result
    ) throws(ReadVerificationError) -> Result {
        do throws(DisclosureError) {
            return try body()
        } catch {
            let code: ReadVerificationError.Code =
                switch error.code {
                case .malformedDisclosure: .malformedDisclosure
                case .unreferencedDisclosure: .foreignDisclosure
                case .repeatedDisclosure: .repeatedDisclosure
                case .tooLarge, .tooMany, .tooDeep: .tooLarge
                default: .misplacedDisclosure
                }
            throw ReadVerificationError(code, error.description)
        }
    }
}

extension VerifiableEntry.Opened {
    /// The paths of all that is not disclosed.
    fileprivate var undisclosed: [String] { withheld.map(\.pointer) + gone.map(\.pointer) + absent + omitted }
}
