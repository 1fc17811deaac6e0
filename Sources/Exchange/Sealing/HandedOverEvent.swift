package import EventLog
package import JSON
internal import SelectiveDisclosure

/// An event that its agency sealed itself, with the disclosures it hands over. Its bytes are kept as they are, so that
/// its signature holds; salts and decoys are the agency's.
package struct HandedOverEvent: ~Copyable, Sendable {
    /// The sealed event.
    let bytes: [UInt8]
    /// The event with all that is disclosed in it, for schema, powers and keys.
    package let plain: SealableEvent
    /// The event with all that is disclosed in it, as JSON.
    package let merged: JSONDocument
    /// For each field of the plan its disclosure, or nil for a decoy.
    let disclosures: [Disclosure?]

    /// Checks a sealed event against what is handed over with it.
    ///
    /// - Parameters:
    ///   - bytes: The event: compact, reserved names without escapes, and as many digests in each object as the plan
    ///     has fields there.
    ///   - disclosures: Base64url of each disclosure, in any order, and none of the decoys.
    /// - Throws: ``ExchangeError``: `.digestMismatch` if a disclosure's digest is not where its field's should be, if
    ///   digests or names are not those of the plan, or a marked property stands in clear; `.eventInvalid` if the event
    ///   is not of the form above, or sealed as a whole and tells its subject.
    package init(
        _ bytes: [UInt8], disclosures: [[UInt8]], agency: String, tags: [Tag] = [], plan: SealingPlan,
        personalKinds: Set<String> = TagBlinder.personalKinds
    ) throws(ExchangeError) {
        var assigned = [Disclosure?](repeating: nil, count: plan.slots.count)
        let document: JSONDocument
        var given: [Disclosure] = []
        do throws(DisclosureError) {
            for disclosure in disclosures { given.append(try Disclosure(encoded: disclosure)) }
            // A digest of a value with a salt that can be guessed tells the value to whoever tries.
            let salts = given.map(\.salt)
            guard Set(salts).count == salts.count, salts.allSatisfy({ $0.utf8.count >= Self.saltCharacters }) else {
                throw DisclosureError(
                    .malformedDisclosure,
                    "Each disclosure needs a salt of its own, of \(Self.saltCharacters) characters or more (128 bits).")
            }
            let payload = try SealedPayload(bytes)
            guard payload.isPlain(bytes), given.allSatisfy(\.isPlain) else {
                throw DisclosureError(
                    .malformedPayload, "What is sealed has white space between tokens, or a reserved name with escapes."
                )
            }
            let merged = try payload.processed(with: given)
            document = try SealedPayload(
                plan.isSealedWhole ? Self.unwrapped(SealedPayload(merged).document) : merged
            ).document
            try Self.assign(payload, given, plan, &assigned)
        } catch {
            let isForm = error.code == .malformedPayload || error.code == .tooLarge || error.code == .tooDeep
            throw ExchangeError(
                isForm ? .eventInvalid : .digestMismatch, error.reason, pointer: error.pointer.description)
        }
        let plain = try SealableEvent(
            document, agency: agency, tags: tags, plan: plan, personalKinds: personalKinds)
        try Self.check(plain, assigned)
        self.bytes = bytes
        self.plain = plain
        merged = document
        self.disclosures = assigned
    }

    /// Checks that nothing stands in clear that ought to be sealed.
    private static func check(
        _ plain: borrowing SealableEvent, _ disclosures: [Disclosure?]
    ) throws(ExchangeError) {
        let slots = plain.plan.slots
        for index in slots.indices where plain.values[index] != nil && disclosures[index] == nil {
            let pointer = slots[index].field.pointer
            throw ExchangeError(
                .digestMismatch, "“\(pointer)” is marked, but stands in the sealed event in clear.",
                pointer: "/data" + pointer)
        }
        if plain.subject != nil {
            throw ExchangeError(
                .eventInvalid, "An event that is sealed as a whole tells its subject. Leave it out.",
                pointer: "/subject")
        }
    }

    private static let saltCharacters = DisclosureSalt.characterCount

    /// The event with the data that were wrapped to be sealed as a whole.
    static func unwrapped(_ document: JSONDocument) throws(DisclosureError) -> [UInt8] {
        guard let outer = document.root["data"], outer.members.count == 1, let inner = outer["data"] else {
            throw DisclosureError(
                .wrongPlace, at: JSONPointer(tokens: ["data"]),
                "The data of an event that is sealed as a whole are one disclosure named “data” in “data”.")
        }
        return Array(
            document.bytes[..<outer.text.startIndex] + inner.text + document.bytes[outer.text.endIndex...])
    }

    /// Finds the field of each disclosure, by where its digest stands and its name.
    private static func assign(
        _ payload: SealedPayload, _ given: [Disclosure], _ plan: SealingPlan, _ result: inout [Disclosure?]
    ) throws(DisclosureError) {
        let digests = try payload.digests(with: given)
        var hostOf: [String: Int] = [:]
        for (index, host) in plan.hosts.enumerated() { hostOf[host.pathText] = index }
        var counts = Array(repeating: 0, count: plan.hosts.count)
        for digest in digests {
            // A digest stands at `…/_sd/0` of its object, or at `…/0/...` of its array.
            let tokens = digest.pointer.tokens
            let host = JSONPointer(tokens: Array(tokens.dropLast(2))).description
            guard let index = hostOf[host] else {
                throw DisclosureError(
                    .wrongCount, at: digest.pointer, "There are digests where the schema marks nothing.")
            }
            counts[index] += 1
            guard let disclosure = digest.disclosure else { continue }
            let slots = plan.hosts[index].slots
            let slot = slots.first { slot in
                switch plan.slots[slot].step {
                case .member(let name): given[disclosure].name.map { Array($0.utf8) == name } ?? false
                case .element(let element): tokens[tokens.count - 2] == String(element)
                case .all: false
                }
            }
            guard let slot, result[slot] == nil else {
                throw DisclosureError(
                    .wrongPlace, at: digest.pointer, "A disclosure has a name that is not marked there.")
            }
            result[slot] = given[disclosure]
        }
        for (index, host) in plan.hosts.enumerated() where counts[index] != host.slots.count {
            // The array of an absent disclosure is absent, and its digests with it.
            if host.isArray, counts[index] == 0 { continue }
            throw DisclosureError(
                .wrongCount,
                "“\(host.pointer)” has \(counts[index]) digests; the schema marks \(host.slots.count) fields there.")
        }
        for host in plan.hosts where host.isArray {
            // An element's index must be the same in the array with and without what was not disclosed.
            let count = host.slots.count { result[$0] != nil }
            guard host.slots.prefix(count).allSatisfy({ result[$0] != nil }) else {
                throw DisclosureError(.wrongPlace, "In “\(host.pointer)” decoys must follow the elements.")
            }
        }
    }
}

extension SealingHost {
    /// Its path from the event as a JSON Pointer.
    fileprivate var pathText: String {
        JSONPointer(
            tokens: path.map { step in
                switch step {
                case .member(let name): String(decoding: name, as: UTF8.self)
                case .element(let index): String(index)
                case .all: "*"
                }
            }
        ).description
    }
}
