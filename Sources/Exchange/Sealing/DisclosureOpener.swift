internal import JSON
package import SelectiveDisclosure
internal import Transparency

/// What a row turns out to hold.
package enum FieldContent: Sendable, Hashable {
    /// A disclosure: its JSON, and the digest that stands for it in the entry.
    case value(json: [UInt8], digest: DisclosureDigest)
    /// Nothing: the event did not have the field.
    case decoy
    /// Its key has been destroyed.
    case erased
    /// It is damaged or in the wrong place, or its key is missing or damaged.
    case lost
}

/// An event with what is disclosed in its place.
package struct OpenedEvent: Sendable, Hashable {
    /// The CloudEvent.
    package let event: [UInt8]
    /// What was given, of each field; a value whose digest is not in the entry is lost.
    package let fields: [FieldContent?]
}

/// Opens rows and puts what they hold into their event. Keeps its buffers and some keys until somebody is erased, so use one
/// for many; one for each thread.
package struct DisclosureOpener: ~Copyable, Sendable {
    private var rowOpener = SealedRow.Opener()
    private var context: [UInt8] = []
    private var encoded: [UInt8] = []
    private var disclosures = VerifiedDisclosures()
    /// The keys that were used last, and how many erasures there had been.
    private var keys: [SubjectKey] = []
    private var erasures = 0
    private static let keptKeys = 4

    package init() {}

    /// Opens a row.
    ///
    /// - Parameters:
    ///   - ordinal: Which field of the plan it is of.
    ///   - place: The event it belongs to.
    /// - Throws: ``ExchangeError`` with code `.log` if the keys cannot be read; whatever is wrong with row or key is a
    ///   content of its own.
    /// - Complexity: O(*b*) in the bytes of the row.
    package mutating func open(
        _ row: [UInt8], ordinal: Int, of plan: SealingPlan, at place: EventPlace, keys: KeyStore
    ) throws(ExchangeError) -> FieldContent {
        guard plan.slots.indices.contains(ordinal), let number = SealedRow.keyNumber(row.span, keys.mask) else {
            return .lost
        }
        if keys.erasures != erasures {
            erasures = keys.erasures
            self.keys.removeAll(keepingCapacity: true)
        }
        for key in self.keys where key.number == number {
            return open(row, ordinal: ordinal, of: plan, at: place, key: key)
        }
        let key: SubjectKey
        do throws(ExchangeError) {
            guard case .live(let found) = try keys.key(numbered: number) else { return .erased }
            key = found
            if self.keys.count == Self.keptKeys { self.keys.removeFirst() }
            self.keys.append(key)
        } catch {
            guard error.code == .keyMissing || error.code == .keyDamaged else { throw error }
            return .lost
        }
        return open(row, ordinal: ordinal, of: plan, at: place, key: key)
    }

    /// Opens a row with its key.
    package mutating func open(
        _ row: [UInt8], ordinal: Int, of plan: SealingPlan, at place: EventPlace, key: SubjectKey
    ) -> FieldContent {
        context.removeAll(keepingCapacity: true)
        context.append(contentsOf: place.bytes)
        context.append(contentsOf: plan.slots[ordinal].pointerField)
        context.append(contentsOf: plan.uriField)
        guard let (kind, json) = rowOpener.open(row.span, context: context, key: key) else { return .lost }
        guard kind == .value else { return .decoy }
        encoded.removeAll(keepingCapacity: true)
        Base64.append(json.span, .url, to: &encoded)
        return .value(json: json, digest: DisclosureDigest(ofEncoded: encoded))
    }

    /// Puts values into the event they belong to, each in the place of its digest. A value within one that is not given
    /// is left out.
    ///
    /// - Parameters:
    ///   - event: The text in which the sealed event stands, and where.
    ///   - fields: The content of each field of the plan; nil for what is withheld.
    /// - Throws: ``ExchangeError`` with code `.digestMismatch` if the event is not one that was sealed here.
    /// - Complexity: O(*n* + *d* log *m*) in the bytes, digests and values.
    package mutating func merge(
        _ event: [UInt8], _ range: Range<Int>, with fields: [FieldContent?], of plan: SealingPlan
    ) throws(ExchangeError) -> OpenedEvent {
        var output: [UInt8] = []
        do throws(DisclosureError) {
            guard try put(fields, into: event, range, &output) else {
                let checked = unmatched(fields, event, range, plan)
                output.removeAll(keepingCapacity: true)
                _ = try put(checked, into: event, range, &output)
                return OpenedEvent(event: unwrapped(output, checked, event, range, plan), fields: checked)
            }
        } catch {
            throw ExchangeError(.digestMismatch, error.reason)
        }
        return OpenedEvent(event: unwrapped(output, fields, event, range, plan), fields: fields)
    }

    /// Returns whether all values were put in.
    private mutating func put(
        _ fields: [FieldContent?], into event: [UInt8], _ range: Range<Int>, _ output: inout [UInt8]
    ) throws(DisclosureError) -> Bool {
        disclosures.removeAll()
        var length = range.count
        for case .value(let json, let digest)? in fields {
            try disclosures.append(json: json, digest: digest)
            length += json.count
        }
        output.reserveCapacity(length)
        return try disclosures.merge(into: event, range, to: &output) == disclosures.count
    }

    /// The contents, those values lost whose digests are not where they should be.
    private func unmatched(
        _ fields: [FieldContent?], _ event: [UInt8], _ range: Range<Int>, _ plan: SealingPlan
    ) -> [FieldContent?] {
        plan.slots.indices.map { slot in
            guard slot < fields.count, case .value(_, let digest)? = fields[slot] else {
                return slot < fields.count ? fields[slot] : nil
            }
            var text: [UInt8] = []
            digest.append(to: &text)
            guard let parent = plan.slots[slot].parent else {
                return Self.offset(of: text, in: event, range) == nil ? .lost : fields[slot]
            }
            // What is within a value that is not given cannot be told.
            guard case .value(let json, _)? = fields[parent] else { return fields[slot] }
            return Self.offset(of: text, in: json, json.indices) == nil ? .lost : fields[slot]
        }
    }

    /// The event without the object that data sealed as a whole are wrapped in.
    private func unwrapped(
        _ merged: [UInt8], _ fields: [FieldContent?], _ event: [UInt8], _ range: Range<Int>, _ plan: SealingPlan
    ) -> [UInt8] {
        guard plan.isSealedWhole, case .value(_, let digest)?? = fields.first else { return merged }
        var placeholder = Array("{\"_sd\":[\"".utf8)
        digest.append(to: &placeholder)
        placeholder.append(contentsOf: "\"]}".utf8)
        guard let found = Self.offset(of: placeholder, in: event, range) else { return merged }
        let start = found - range.lowerBound
        let after = range.upperBound - found - placeholder.count
        // `{"data":` before the data, `}` behind.
        let end = merged.count - after - 1
        guard start + 8 <= end else { return merged }
        return Array(merged[..<start] + merged[start + 8..<end] + merged[(end + 1)...])
    }

    private static func offset(of text: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        guard let first = text.first, range.count >= text.count else { return nil }
        for at in range.lowerBound...range.upperBound - text.count where bytes[at] == first {
            if bytes[at..<at + text.count].elementsEqual(text) { return at }
        }
        return nil
    }
}
