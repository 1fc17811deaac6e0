internal import EventLog

/// The terms that concern one reader at one time, and what follows from them: the rules of docs/conditional-sharing.md.
struct ReaderTerms: Sendable {
    /// The reader as it counts here: an authority or an auditor without an agency is the public, and an agency or a role
    /// claimed by a party or the public counts for nothing.
    let reader: Reader
    private let identities: Set<Tag>
    /// The tag by which entries address the reader's agency.
    private let address: Tag?
    private let prohibitions: [SharingRule]
    private let permissions: [SharingRule]
    /// The oldest first.
    let grants: [Grant]

    init(_ claim: Reader, _ terms: SharingTerms, at time: Timestamp) {
        let reader = Self.admitted(claim)
        self.reader = reader
        identities = Set(reader.identities)
        address = reader.agency.flatMap(AddressTag.of)
        let purpose = reader.purpose.flatMap { terms.purposes.contains($0) ? $0 : nil }
        let rules = terms.rules.filter { $0.validity.contains(time) && $0.readers.matches(reader) }
        prohibitions = rules.filter { rule in
            rule.effect == .prohibit && (rule.purposes.isEmpty || purpose.map(rule.purposes.contains) ?? true)
        }
        guard let purpose else {
            permissions = []
            grants = []
            return
        }
        permissions = rules.filter { rule in
            rule.effect == .permit && (rule.purposes.isEmpty || rule.purposes.contains(purpose))
                && (!rule.needsCase || reader.caseName != nil)
        }
        grants = terms.grants.filter { grant in
            grant.agency == reader.agency && (grant.roles.isEmpty || reader.role.map(grant.roles.contains) ?? false)
                && grant.purpose == purpose && grant.caseName == reader.caseName && grant.validity.contains(time)
        }.sorted { $0.position < $1.position }
    }

    private static func admitted(_ claim: Reader) -> Reader {
        func filled(_ text: String?) -> String? { text == "" ? nil : text }
        let hasAgency = [.authority, .participant, .auditor].contains(claim.kind)
        let agency = hasAgency ? filled(claim.agency) : nil
        let isAnyone = agency == nil && [.authority, .auditor].contains(claim.kind)
        // An agency's address names that agency alone, whoever claims it as a name of its own.
        let address = agency.flatMap(AddressTag.of)
        let identities = claim.identities.filter { $0.kind != AddressTag.kind || $0 == address }
        return Reader(
            isAnyone ? .public : claim.kind, agency: agency, role: agency == nil ? nil : filled(claim.role),
            identities: identities, purpose: filled(claim.purpose), caseName: filled(claim.caseName))
    }

    /// Whether an agency that sent an event is the reader's.
    func isSender(_ agency: String) -> Bool { !agency.isEmpty && agency == reader.agency }

    /// Whether tags name the reader, if it is one to whom that matters.
    func isNamed(by tags: [Tag]) -> Bool {
        switch reader.kind {
        case .participant, .party: tags.contains(where: identities.contains)
        case .authority, .auditor, .public: false
        }
    }

    /// Whether tags address the reader.
    func isAddressed(by tags: [Tag]) -> Bool { isNamed(by: tags) || address.map(tags.contains) ?? false }

    /// What a reader is to an entry.
    func standing(toward entry: ReadableEntry) -> EntryStanding {
        EntryStanding(
            isSender: isSender(entry.agency), isNamed: isNamed(by: entry.tags), isAddressed: isAddressed(by: entry.tags)
        )
    }

    /// Decides on an entry.
    func decide(_ entry: ReadableEntry, _ standing: EntryStanding) -> EntryDecision {
        func decide(_ field: Field) -> FieldDecision {
            self.decide(field, of: entry, standing)
        }
        let whole = entry.wholeEvent.map { Field(pointer: "", mark: $0) }
        let opened = whole.map(decide)
        if let reason = stub(entry, opened, standing) { return .stub(reason) }
        return .entry(EntryDisclosure(wholeEvent: opened?.basis, fields: entry.fields.map(decide)))
    }

    /// Why an entry is a stub, or nil if it is seen.
    private func stub(
        _ entry: ReadableEntry, _ opened: FieldDecision?, _ standing: EntryStanding
    ) -> StubReason? {
        guard !standing.isSender else { return nil }
        guard !entry.fields.contains(where: { $0.mark.sharingClass == .withheld && !owns($0.mark) }) else {
            return .withheldField
        }
        guard let mark = entry.wholeEvent else { return stub(unsealed: entry, isNamed: standing.isNamed) }
        guard let basis = opened?.basis else { return .sealed }
        guard basis != .owner, mark.sharingClass != .public else { return nil }
        switch reader.kind {
        case .authority: return nil
        case .participant, .party: return standing.isNamed ? nil : .notNamed
        case .auditor, .public: return .sealed
        }
    }

    private func stub(unsealed entry: ReadableEntry, isNamed: Bool) -> StubReason? {
        guard !entry.fields.contains(where: { owns($0.mark) }) else { return nil }
        switch reader.kind {
        case .authority, .auditor: return nil
        case .participant, .party: return isNamed ? nil : .notNamed
        case .public: return .notPublic
        }
    }

    /// Decides on a field: the first answer counts.
    private func decide(_ field: Field, of entry: ReadableEntry, _ standing: EntryStanding) -> FieldDecision {
        func speaks(_ rule: SharingRule) -> Bool {
            (standing.isAddressed || !rule.readers.addressed) && rule.fields.matches(field, ofType: entry.type)
        }
        if owns(field.mark) { return .disclose(.owner) }
        if standing.isSender { return .disclose(.sender) }
        let withheld = FieldDecision.withhold(WithholdingReason(field.mark))
        if prohibitions.contains(where: speaks) { return withheld }
        switch field.mark.sharingClass {
        case .public:
            return .disclose(.sharingClass)
        case .shared:
            return reader.kind == .authority || standing.isNamed ? .disclose(.sharingClass) : withheld
        case .conditional:
            if let rule = permissions.first(where: speaks) { return .disclose(.rule(rule.id)) }
            return grant(for: field, of: entry).map { .disclose(.grant($0.position)) } ?? withheld
        case .restricted:
            return grant(for: field, of: entry).map { .disclose(.grant($0.position)) } ?? withheld
        case .withheld:
            return withheld
        }
    }

    /// The first prohibition that closes a field, by its id.
    func prohibition(of field: Field, in entry: ReadableEntry, _ standing: EntryStanding) -> String? {
        guard !owns(field.mark), !standing.isSender else { return nil }
        return prohibitions.first { rule in
            (standing.isAddressed || !rule.readers.addressed) && rule.fields.matches(field, ofType: entry.type)
        }?.id
    }

    private func grant(for field: Field, of entry: ReadableEntry) -> Grant? {
        grants.first { grant in
            grant.speaks(of: field, ofType: entry.type) && grant.objects.contains(where: entry.tags.contains)
        }
    }

    private func owns(_ mark: SharingMark) -> Bool { !mark.owner.isEmpty && mark.owner == reader.agency }
}

extension Grant {
    /// Whether it opens a field of events of some type, if they are about its objects.
    func speaks(of field: Field, ofType type: String) -> Bool {
        owner == field.mark.owner && fields.matches(field, ofType: type)
    }
}
