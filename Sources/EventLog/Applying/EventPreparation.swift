internal import JSON
internal import LMDB

/// Checks drafts and lays them out for the writer. Runs on the caller's thread; a preparation keeps its buffers, so use
/// one for many drafts.
struct EventPreparation: Sendable {
    private let hasher: IndexHasher
    private var parser = JSONParser(
        limits: .init(maximumBytes: LogLimits.entryBytes * 4, maximumDepth: LogLimits.depth))
    private var tape = JSONTape()
    private var name: [UInt8] = []

    init(hasher: IndexHasher) {
        self.hasher = hasher
    }

    /// Checks a request and lays it out.
    ///
    /// - Throws: ``LogError`` for the first event that cannot be stored, saying which it is.
    /// - Complexity: O(*n*) in the request's bytes.
    mutating func prepare(_ request: AppendRequest) throws(LogError) -> PreparedRequest {
        try Self.checkCounts(request)
        var prepared = PreparedRequest()
        let bytes = request.events.reduce(0) { $0 + $1.event.count }
        prepared.bodies.reserveCapacity(bytes + request.events.count * 160)
        prepared.keys.reserveCapacity(request.events.count * 6)
        prepared.events.reserveCapacity(request.events.count)
        prepared.ids.reserveCapacity(request.events.count)
        // Through a span an event is lent, not copied.
        let events = request.events.span
        for index in events.indices {
            do throws(LogError) {
                try add(events[index], to: &prepared)
            } catch {
                guard request.events.count > 1 else { throw error }
                throw LogError(error.code, "Event \(index + 1) of \(request.events.count): \(error.reason)")
            }
        }
        for condition in request.conditions { try condition.query.validate() }
        prepared.conditions = request.conditions
        prepared.recordedBefore = request.recordedBefore
        prepared.mayRepeatIDs = Self.mayRepeat(prepared.ids)
        return prepared
    }

    /// Whether some hash is among the others twice.
    ///
    /// - Complexity: O(*n*): a hash table for hashes needs no hash function.
    private static func mayRepeat(_ hashes: [UInt64]) -> Bool {
        guard hashes.count > 1 else { return false }
        var slots = 4
        while slots < hashes.count * 2 { slots *= 2 }
        var table = [UInt64](repeating: 0, count: slots)
        for hash in hashes {
            var slot = Int(truncatingIfNeeded: hash) & (slots - 1)
            while table[slot] != 0 {
                if table[slot] == hash { return true }
                slot = (slot + 1) & (slots - 1)
            }
            table[slot] = hash
        }
        return hashes.contains(0)
    }

    private static func checkCounts(_ request: AppendRequest) throws(LogError) {
        guard !request.events.isEmpty else { throw LogError(.invalidEvent, "The request has no events.") }
        guard request.events.count <= LogLimits.eventsPerRequest else {
            throw LogError(
                .limitExceeded,
                "A request has at most \(LogLimits.eventsPerRequest) events; this has \(request.events.count).")
        }
        guard request.conditions.count <= LogLimits.conditionsPerRequest else {
            throw LogError(.limitExceeded, "A request has at most \(LogLimits.conditionsPerRequest) conditions.")
        }
        let bytes = request.events.reduce(0) { $0 + $1.event.count + $1.disclosures.reduce(0) { $0 + $1.count } }
        guard bytes <= LogLimits.requestBytes else {
            throw LogError(.limitExceeded, "A request has at most \(LogLimits.requestBytes) bytes; this has \(bytes).")
        }
    }

    private mutating func add(_ draft: EventDraft, to prepared: inout PreparedRequest) throws(LogError) {
        if let document = draft.document {
            tape = document.tape
        } else {
            try parse(draft.event)
        }
        let event = try CloudEventAttributes(tape, draft.event.span)
        try Self.check(agency: draft.agency)
        try Self.check(signature: draft.signature)
        let bodyStart = prepared.bodies.count
        let keyStart = prepared.keys.count
        hash(event, draft, to: &prepared.keys)
        prepared.ids.append(prepared.keys[keyStart])
        try append(draft, to: &prepared)
        let entryBytes = EntryText.prefixCount + prepared.bodies.count - bodyStart
        guard entryBytes <= LogLimits.entryBytes else { throw Self.tooLarge(entryBytes) }
        let disclosureStart = prepared.disclosures.count
        try Self.check(disclosures: draft.disclosures)
        prepared.disclosures.append(contentsOf: draft.disclosures)
        prepared.events.append(
            PreparedRequest.Event(
                body: bodyStart..<prepared.bodies.count, keys: keyStart..<prepared.keys.count,
                disclosures: disclosureStart..<prepared.disclosures.count))
    }

    private mutating func parse(_ event: [UInt8]) throws(LogError) {
        do throws(JSONError) {
            try parser.parse(event.span, into: &tape)
        } catch {
            if error.code == .tooLarge { throw Self.tooLarge(event.count) }
            throw LogError(.invalidJSON, "The event is not JSON that the ledger accepts: \(error).")
        }
    }

    private mutating func hash(_ event: CloudEventAttributes, _ draft: EventDraft, to keys: inout [UInt64]) {
        name.removeAll(keepingCapacity: true)
        event.appendIdentity(tape, draft.event.span, to: &name)
        keys.append(hasher.hash(.id, name.span))
        let type = tape.nodes[event.type]
        if type.isEscaped {
            let decoded = tape.decodedBytes(at: event.type, in: draft.event.span)
            keys.append(hasher.hash(.type, decoded.span))
        } else {
            let start = Int(type.offset)
            keys.append(hasher.hash(.type, draft.event.span.extracting(start..<start + Int(type.length))))
        }
    }

    private static let agencyOpening = Array(",\"agency\":\"".utf8)
    private static let tagsOpening = Array("\",\"tags\":[".utf8)
    private static let eventOpening = Array("],\"event\":".utf8)
    private static let signatureOpening = Array(",\"signature\":".utf8)

    /// Appends the entry's text after the recorded time, and the hashes of the tags in the order they are written.
    private func append(_ draft: EventDraft, to prepared: inout PreparedRequest) throws(LogError) {
        prepared.bodies.append(copying: Self.agencyOpening.span)
        prepared.bodies.append(copying: draft.agency.utf8Span.span)
        prepared.bodies.append(copying: Self.tagsOpening.span)
        if Self.isStrictlySorted(draft.tags.span) {
            try append(tags: draft.tags.span, to: &prepared)
        } else {
            let sorted = Set(draft.tags).sorted()
            try append(tags: sorted.span, to: &prepared)
        }
        prepared.bodies.append(copying: Self.eventOpening.span)
        if tape.whitespaceBytes == 0 {
            prepared.bodies.append(copying: draft.event.span)
        } else {
            JSONCompaction.append(draft.event, tape, to: &prepared.bodies)
        }
        if let signature = draft.signature {
            prepared.bodies.append(copying: Self.signatureOpening.span)
            JSONText.appendQuoted(signature, to: &prepared.bodies)
        }
        prepared.bodies.append(UInt8(ascii: "}"))
    }

    /// Appends tags, sorted and each once. Through spans none of them is copied or counted.
    private func append(tags: Span<Tag>, to prepared: inout PreparedRequest) throws(LogError) {
        guard tags.count <= LogLimits.tagsPerEvent else {
            throw LogError(
                .limitExceeded, "An event has at most \(LogLimits.tagsPerEvent) tags; this has \(tags.count).")
        }
        for index in tags.indices {
            if index > 0 { prepared.bodies.append(UInt8(ascii: ",")) }
            append(tag: tags[index].text, to: &prepared)
        }
    }

    private func append(tag: borrowing String, to prepared: inout PreparedRequest) {
        let text = tag.utf8Span.span
        if JSONText.needsEscape(text) {
            JSONText.appendQuoted(text, to: &prepared.bodies)
        } else {
            prepared.bodies.append(UInt8(ascii: "\""))
            prepared.bodies.append(copying: text)
            prepared.bodies.append(UInt8(ascii: "\""))
        }
        prepared.keys.append(hasher.hash(.tag, text))
    }

    private static func isStrictlySorted(_ list: Span<Tag>) -> Bool {
        var index = 1
        while index < list.count {
            guard list[index - 1] < list[index] else { return false }
            index += 1
        }
        return true
    }

    private static func tooLarge(_ bytes: Int) -> LogError {
        LogError(
            .entryTooLarge,
            "The entry would have \(bytes) bytes, over the limit of \(LogLimits.entryBytes). "
                + "Refer to files by their SHA-256 instead of carrying them.")
    }

    private static func check(agency: String) throws(LogError) {
        guard AgencyName.isValid(agency.utf8Span.span) else {
            throw LogError(
                .invalidAgency,
                "“\(agency.prefix(64))” is no agency: 1 to \(LogLimits.agencyBytes) of A–Z, a–z, 0–9, “.”, “_”, “-”.")
        }
    }

    private static func check(signature: String?) throws(LogError) {
        guard let signature, signature.utf8.count > LogLimits.signatureBytes else { return }
        throw LogError(.limitExceeded, "A signature has at most \(LogLimits.signatureBytes) bytes.")
    }

    private static func check(disclosures: [[UInt8]]) throws(LogError) {
        guard disclosures.count <= LogLimits.disclosuresPerEvent else {
            throw LogError(.limitExceeded, "An event has at most \(LogLimits.disclosuresPerEvent) disclosures.")
        }
        for disclosure in disclosures where disclosure.count > LogLimits.disclosureBytes {
            throw LogError(.limitExceeded, "A disclosure has at most \(LogLimits.disclosureBytes) bytes.")
        }
    }
}
