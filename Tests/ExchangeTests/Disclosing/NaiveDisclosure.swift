import EventLog
import Exchange
import JSON

/// The tables of docs/conditional-sharing.md as lists of cases, asked from the top: written apart from the sources, to be
/// compared with them.
struct NaiveDisclosure {
    let reader: Reader
    let entry: ReadableEntry
    let terms: SharingTerms
    let time: Timestamp

    enum Answer: Hashable {
        case owner, sender, byClass, rule(String), grant(Position), no
    }

    /// One answer a field, or nil for a stub.
    func answers() -> [Answer]? {
        sight() ? entry.fields.map(answer) : nil
    }

    // Who reads.

    private var agency: String? {
        switch reader.kind {
        case .party, .public: nil
        default: reader.agency.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    private var kind: ReaderKind {
        if agency == nil, reader.kind == .authority || reader.kind == .auditor { return .public }
        return reader.kind
    }

    private var isSender: Bool { agency != nil && agency == entry.agency }
    private var isNamed: Bool {
        (kind == .participant || kind == .party) && names.contains(where: entry.tags.contains)
    }
    private var names: [EventLog.Tag] {
        reader.identities.filter { !$0.text.hasPrefix("agency:") || $0.text == "agency:" + (agency ?? "") }
    }
    private var isAddressed: Bool {
        isNamed || entry.tags.contains { $0.text == "agency:" + (agency ?? "") }
    }
    private var purpose: String? { terms.purposes.first { $0 == reader.purpose && !$0.isEmpty } }
    private func owns(_ mark: SharingMark) -> Bool { agency != nil && agency == mark.owner }

    // Who sees an entry.

    private func sight() -> Bool {
        let marks = entry.fields.map(\.mark)
        let whole = entry.wholeEvent.map { Field(pointer: "", mark: $0) }
        let opens = whole.map { answer($0) != .no } ?? false
        let isPublic = whole?.mark.sharingClass == .public
        let isSealed = whole != nil && !isPublic
        let rows: [(Bool, Bool)] = [
            (isSender, true),
            (marks.contains { $0.sharingClass == .withheld && !owns($0) }, false),
            (whole.map { owns($0.mark) } ?? marks.contains(where: owns), true),
            (isPublic, opens),
            (isSealed && kind == .authority, opens),
            (isSealed && (kind == .participant || kind == .party), opens && isNamed),
            (isSealed, false),
            (kind == .authority || kind == .auditor, true),
            (kind == .participant || kind == .party, isNamed),
        ]
        return rows.first { $0.0 }?.1 ?? false
    }

    // Who sees a field.

    private func answer(_ field: Field) -> Answer {
        let mark = field.mark
        let canBeGranted = mark.sharingClass == .conditional || mark.sharingClass == .restricted
        let prohibitions = terms.rules.filter { $0.effect == .prohibit && speaks($0, field) && !isOtherPurpose($0) }
        let permissions = terms.rules.filter { $0.effect == .permit && speaks($0, field) && isFor($0) }
        let grants = terms.grants.filter { speaks($0, field) }.map(\.position)
        let rows: [(Bool, Answer)] = [
            (owns(mark), .owner),
            (isSender, .sender),
            (!prohibitions.isEmpty, .no),
            (mark.sharingClass == .public, .byClass),
            (mark.sharingClass == .shared && kind == .authority, .byClass),
            (mark.sharingClass == .shared && isNamed, .byClass),
            (mark.sharingClass == .conditional && !permissions.isEmpty, .rule(permissions.first?.id ?? "")),
            (canBeGranted && !grants.isEmpty, .grant(grants.min() ?? 0)),
        ]
        return rows.first { $0.0 }?.1 ?? .no
    }

    // Of whom and of what rules and grants speak.

    private func speaks(_ rule: SharingRule, _ field: Field) -> Bool {
        let who = rule.readers
        return holds(rule.validity) && selects(rule.fields, field) && isOpen(who.kinds, kind)
            && isOpen(who.agencies, agency) && isOpen(who.roles, role)
            && (isAddressed || !who.addressed)
    }

    private var role: String? { agency == nil ? nil : reader.role }

    private func isOtherPurpose(_ rule: SharingRule) -> Bool {
        guard let purpose, !rule.purposes.isEmpty else { return false }
        return !rule.purposes.contains(purpose)
    }

    private func isFor(_ rule: SharingRule) -> Bool {
        purpose != nil && isOpen(rule.purposes, purpose) && (reader.caseName != nil || !rule.needsCase)
    }

    private func speaks(_ grant: Grant, _ field: Field) -> Bool {
        let conditions = [
            grant.owner == field.mark.owner, agency != nil, grant.agency == agency, isOpen(grant.roles, role),
            purpose != nil, grant.purpose == purpose, grant.caseName == reader.caseName, holds(grant.validity),
            !Set(grant.objects).isDisjoint(with: entry.tags), selects(grant.fields, field),
        ]
        return !conditions.contains(false)
    }

    private func isOpen<Element: Equatable>(_ list: [Element], _ element: Element?) -> Bool {
        list.isEmpty || list.contains { $0 == element }
    }

    private func holds(_ validity: Validity) -> Bool {
        let from = validity.from?.microseconds ?? .min
        let to = validity.to?.microseconds ?? .max
        return from <= time.microseconds && time.microseconds < to
    }

    private func selects(_ selector: FieldSelector, _ field: Field) -> Bool {
        let place = JSONPointer(field.pointer)?.tokens ?? []
        return isOpen(selector.types, entry.type) && isOpen(selector.owners, field.mark.owner)
            && isOpen(selector.compartments, field.mark.compartment)
            && isOpen(selector.classes, field.mark.sharingClass)
            && (selector.pointers.isEmpty
                || selector.pointers.contains { place.starts(with: JSONPointer($0)?.tokens ?? ["?"]) })
    }
}

extension EntryDecision {
    /// The decision in the words of the naive evaluation.
    var answers: [NaiveDisclosure.Answer]? {
        disclosure?.fields.map { field in
            switch field.basis {
            case .owner: .owner
            case .sender: .sender
            case .sharingClass: .byClass
            case .rule(let id): .rule(id)
            case .grant(let position): .grant(position)
            case nil: .no
            }
        }
    }
}
