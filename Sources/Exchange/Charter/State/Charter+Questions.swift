public import EventLog
public import JSON

extension Charter {
    /// An agency, if it is a member at a time.
    ///
    /// - Complexity: Here and where nothing else is said: by hash, O(log *v*) in what was said of the thing.
    public func agency(_ code: String, at time: Timestamp) -> Agency? {
        agencies.inForce(CharterPartName(code), at: time)
    }

    /// Whose successor at a time an agency has become: itself while it is a member, then what it merged into.
    ///
    /// - Returns: nil if neither it nor a successor is a member at the time.
    public func successor(of code: String, at time: Timestamp) -> Agency? {
        var next = code
        // Mergers of one moment make no circle; those of different times might.
        for _ in 0..<64 {
            guard let agency = agencies.value(CharterPartName(next), at: time) else { return nil }
            if agency.validity.contains(time) { return agency }
            guard let into = agency.into, agency.validity.hasEnded(at: time) else { return nil }
            next = into
        }
        return nil
    }

    /// The agencies of which it was ever said that they merge into another, also if they have come back since.
    var merged: [Agency] { agencies.everSaid { $0.into != nil } }

    /// The codes of all agencies that ever were members, in their order.
    ///
    /// - Complexity: O(*n* log *n*) in the agencies.
    public var agencyCodes: [String] { agencies.all(at: nil).map(\.code) }

    /// The agencies that had become one by a time: those whose successor it is then, apart from itself. Of a time that has
    /// passed the answer stays, whatever is amended.
    ///
    /// - Complexity: O(*n*) in all agencies that ever were.
    public func predecessors(of code: String, at time: Timestamp) -> [String] {
        merged.filter { former in
            !former.code.utf8.elementsEqual(code.utf8)
                && successor(of: former.code, at: time)?.code.utf8.elementsEqual(code.utf8) ?? false
        }.map(\.code)
    }

    /// Whether an officer holds a role of its agency, which must be a member.
    public func hasRole(_ role: String, officer: String, of agency: String, at time: Timestamp) -> Bool {
        self.agency(agency, at: time) != nil
            && officers.value(CharterPartName(agency, officer), at: time)?.has(role, at: time) ?? false
    }

    /// Whether some officer of an agency holds a role.
    ///
    /// - Complexity: O(*o*) in the number of officers.
    public func hasRole(_ role: String, of agency: String, at time: Timestamp) -> Bool {
        self.agency(agency, at: time) != nil
            && officers.all(at: time).contains {
                $0.agency.utf8.elementsEqual(agency.utf8) && $0.has(role, at: time)
            }
    }

    /// The power by which a member may append an event, or nil. For charter events there is none: they need signatures.
    ///
    /// - Parameter port: The port the event names, if it names one.
    /// - Complexity: By hash, for the type and for each of its beginnings that end with a dot; linear in the powers of
    ///   the agency that name the very same.
    public func power(of agency: String, type: String, port: String?, at time: Timestamp) -> Power? {
        guard !type.utf8.starts(with: Self.reserved), self.agency(agency, at: time) != nil else { return nil }
        if let power = power(of: agency, naming: type[...], port: port, at: time) { return power }
        var segments = 0
        var end = type.utf8.startIndex
        while segments < CharterLimits.typeSegments,
            let dot = type.utf8[end...].firstIndex(of: UInt8(ascii: "."))
        {
            end = type.utf8.index(after: dot)
            segments += 1
            if let power = power(of: agency, naming: type[..<end], port: port, at: time) { return power }
        }
        return nil
    }

    private static let reserved = Array("sanhu.charter.".utf8)

    private func power(of agency: String, naming name: Substring, port: String?, at time: Timestamp) -> Power? {
        guard let ids = powersByType[CharterPartName(agency[...], name)] else { return nil }
        for id in ids {
            if let power = powers.inForce(CharterPartName(id), at: time), power.covers(port: port),
                power.types.contains(where: { Self.filed($0).utf8.elementsEqual(name.utf8) })
            {
                return power
            }
        }
        return nil
    }

    /// Under what a type or pattern of a power is filed: a pattern without its star, so that it ends with a dot.
    static func filed(_ type: String) -> Substring { type.hasSuffix(".*") ? type.dropLast() : type[...] }

    /// The agency to which a source belongs; the longest claim that holds counts.
    public func owner(ofSource source: String, at time: Timestamp) -> String? {
        var claim = Self.longestClaim(on: source)
        while !claim.isEmpty {
            if let claim = sources.inForce(CharterPartName(claim), at: time) { return claim.agency }
            claim = Self.shorter(claim)
        }
        return nil
    }

    /// The longest prefix by which a source may be claimed.
    static func longestClaim(on source: String) -> Substring {
        var slashes = 0
        for index in source.utf8.indices where source.utf8[index] == UInt8(ascii: "/") {
            slashes += 1
            if slashes == CharterLimits.sourceSegments { return source[..<index] }
        }
        return source[...]
    }

    /// The next shorter prefix; empty if there is none.
    static func shorter(_ claim: Substring) -> Substring {
        claim.utf8.lastIndex(of: UInt8(ascii: "/")).map { claim[..<$0] } ?? ""
    }

    /// A key, whether or not it may sign.
    public func key(_ id: String, at time: Timestamp) -> AgencyKey? { keys.value(CharterPartName(id), at: time) }

    /// The key with these 32 bytes as its public half, as it stands at a time, whether or not it may sign.
    public func key(withPublicKey bytes: [UInt8], at time: Timestamp) -> AgencyKey? {
        keyIDs[bytes].flatMap { key($0, at: time) }
    }

    /// Whether what a key signs at a time counts: it is valid, not revoked, and its agency a member.
    public func maySign(_ id: String, at time: Timestamp) -> Bool {
        key(id, at: time).map { $0.maySign(at: time) && agency($0.agency, at: time) != nil } ?? false
    }

    /// The schema of an event's `dataschema`, against which events may be appended at a time.
    public func schema(_ uri: String, at time: Timestamp) -> RegisteredSchema? {
        schemas.inForce(CharterPartName(uri), at: time)
    }

    /// A schema that was ever registered, to read events by.
    public func schema(_ uri: String) -> RegisteredSchema? { schemas.last(CharterPartName(uri)) }

    /// All schemas that were ever registered, by their URIs.
    package func allSchemas() -> [RegisteredSchema] { schemas.all(at: nil) }

    /// The schema that replaces another one.
    public func successor(ofSchema uri: String) -> RegisteredSchema? {
        successors[CharterPartName(uri)].flatMap { schema($0) }
    }

    /// A purpose, if it is in force.
    public func purpose(_ code: String, at time: Timestamp) -> Purpose? {
        purposes.inForce(CharterPartName(code), at: time)
    }

    /// The purposes in force, by their codes.
    public func purposes(at time: Timestamp) -> [Purpose] { purposes.all(at: time) }

    /// The sharing rules in force, by their ids. Ask once for many events.
    public func sharingRules(at time: Timestamp) -> [SharingRule] { rules.all(at: time) }

    /// Those in force, in the order of their names.
    public func schemas(at time: Timestamp) -> [RegisteredSchema] { schemas.all(at: time) }

    /// Whether the values of tags of a kind are blinded.
    public func isPersonal(tagKind: some StringProtocol, at time: Timestamp) -> Bool {
        personalTags.inForce(CharterPartName(Substring(tagKind)), at: time) != nil
    }

    /// The kinds of tags whose values are blinded: those that always are, and those that this charter ever named. A kind
    /// that was personal once stays so, or what was blinded would not be found again.
    public var personalTagKinds: Set<String> {
        var kinds = TagBlinder.personalKinds
        for case .personalTag(let tag) in values(of: .personalTag) { kinds.insert(tag.kind) }
        return kinds
    }

    public func amendmentRule(at time: Timestamp) -> AmendmentRule { amendment.value(at: time) ?? amendment.last }

    public func deadlines(at time: Timestamp) -> DisclosureDeadlines { deadlines.value(at: time) ?? .default }

    /// The first time after another one at which an answer may change without an amendment: what was checked before it
    /// must be checked again if it is recorded at that time or later.
    ///
    /// - Returns: nil if nothing is to begin or end any more.
    /// - Complexity: O(*n*) in all that was said. Ask once for a charter, and again when that time has come.
    public func turningPoint(after time: Timestamp) -> Timestamp? {
        let single = amendment.versions.map(\.effective) + deadlines.versions.map(\.effective)
        let registers = [
            agencies.turningPoint(after: time), officers.turningPoint(after: time), keys.turningPoint(after: time),
            powers.turningPoint(after: time), sources.turningPoint(after: time), schemas.turningPoint(after: time),
            rules.turningPoint(after: time), purposes.turningPoint(after: time),
            personalTags.turningPoint(after: time),
        ]
        return (registers.compactMap(\.self) + single.filter { $0 > time }).min()
    }

    /// Verifies that an agency signed an event that it sealed itself.
    ///
    /// - Parameters:
    ///   - event: The event as it stands in the entry.
    ///   - agency: The agency of the entry.
    ///   - recorded: When the entry was recorded.
    /// - Throws: ``ExchangeError`` with code `.unknownKey`, `.revokedKey` or `.wrongSignature`; the last one also if the
    ///   key is another agency's.
    public func verify(
        _ signature: AgencySignature, over event: JSONValue, by agency: String, at recorded: Timestamp
    ) throws(ExchangeError) {
        let text = SignedText.event(event, agency: agency, origin: origin)
        let key = try verify(signature.bytes, by: signature.key, over: text, at: recorded, pointer: "/signature")
        guard key.agency.utf8.elementsEqual(agency.utf8) else {
            throw ExchangeError(
                .wrongSignature, "The event of \(agency) is signed with a key of \(key.agency).", pointer: "/signature")
        }
    }
}
