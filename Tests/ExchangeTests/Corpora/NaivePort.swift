import EventLog
import Exchange
import Foundation
import Testing

/// What a reader may see of plain events, found out from the JSON of the charter, of the schemas and of the events alone:
/// nothing of the sources decides, seals or opens here. The tables are those of ``NaiveDisclosure``.
final class NaivePort {
    typealias Object = [String: Any]

    /// An event and what it says of itself for all to see.
    struct Entry {
        let position: Position
        let agency: String
        let type: String
        /// The event as it was handed in.
        let bytes: [UInt8]
        let readable: ReadableEntry
        let marks: [PortSchema.Mark]
    }

    private struct Statement {
        let recorded: Timestamp
        let kind: String
        let value: Object
    }

    private var statements: [Statement] = []
    private var grants: [(grant: Grant, revoked: Timestamp?)] = []
    private var schemas:
        [String: (
            marks: [PortSchema.Mark], fields: [Field], tags: [String: String], openRoot: SharingMark?
        )] = [:]
    private(set) var entries: [Entry] = []

    init() throws {
        for schema in PortSchemas.all {
            let marks = try schema.marks()
            let fields = try marks.map { mark in
                Field(
                    pointer: mark.pointer,
                    mark: SharingMark(
                        try #require(SharingClass(rawValue: mark.sharingClass)), compartment: mark.compartment,
                        owner: mark.owner, bytes: mark.bytes))
            }
            let owner = try schema.openRootOwner
            schemas[schema.uri] = (
                marks, fields, try schema.tagKinds(),
                owner.map { SharingMark(.public, compartment: "policy", owner: $0, bytes: 1) }
            )
        }
    }

    static func object(_ bytes: some Sequence<UInt8>) throws -> Object {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? Object)
    }

    // What there is.

    /// Takes a charter event in: a founding names its kinds in the plural, an amendment each change's.
    func take(charter data: [UInt8], recorded: Timestamp) throws {
        let data = try Self.object(data)
        let kinds = [
            "agencies": "agency", "officers": "officer", "rules": "rule", "purposes": "purpose",
            "personalTags": "personalTag",
        ]
        for (member, kind) in kinds {
            for value in data[member] as? [Object] ?? [] {
                statements.append(Statement(recorded: recorded, kind: kind, value: value))
            }
        }
        for change in data["changes"] as? [Object] ?? [] {
            #expect(change["op"] as? String == "put", "the naive charter knows no more")
            let value = try #require(change["value"] as? Object)
            statements.append(Statement(recorded: recorded, kind: change["kind"] as? String ?? "", value: value))
        }
    }

    func take(_ grant: Grant) { grants.append((grant, nil)) }

    func revoke(_ position: Position, at time: Timestamp) {
        for index in grants.indices where grants[index].grant.position == position { grants[index].revoked = time }
    }

    func take(_ plain: PlainEvent, at position: Position) throws {
        let event = try Self.object(plain.bytes)
        let type = try #require(event["type"] as? String)
        let uri = try #require(event["dataschema"] as? String)
        let schema = try #require(schemas[uri])
        // A root that is public seals nothing, and is no field.
        let root = schema.fields.first { $0.pointer == "" }?.mark ?? schema.openRoot
        var tags = Set(plain.tags)
        for (name, kind) in schema.tags {
            guard let value = (event["data"] as? Object)?[name] as? String else { continue }
            tags.insert(try Tag(kind: kind, value: value))
        }
        // Of an event that is sealed as a whole, tags tell nobody what it is about.
        if let root, root.sharingClass > .public { tags = [] }
        entries.append(
            Entry(
                position: position, agency: plain.agency, type: type, bytes: plain.bytes,
                readable: ReadableEntry(
                    agency: plain.agency, type: type, tags: tags.sorted(), wholeEvent: root, fields: schema.fields),
                marks: schema.marks))
    }

    // What held at a time.

    private func values(_ kind: String, at time: Timestamp) -> [Object] {
        let names =
            [
                "agency": ["code"], "officer": ["agency", "id"], "rule": ["id"], "purpose": ["code"],
                "personalTag": ["kind"],
            ][kind] ?? []
        var order: [String] = []
        var last: [String: Object] = [:]
        for statement in statements where statement.kind == kind && statement.recorded <= time {
            let name = names.map { statement.value[$0] as? String ?? "" }.joined(separator: "/")
            if last[name] == nil { order.append(name) }
            last[name] = statement.value
        }
        return order.compactMap { last[$0] }.filter { Self.holds($0, at: time) }
    }

    private static func holds(_ value: Object, at time: Timestamp) -> Bool {
        let validity = value["validity"] as? Object
        let (from, to) = (moment(validity?["from"]), moment(validity?["to"]))
        return (from.map { $0 <= time } ?? true) && (to.map { time < $0 } ?? true)
    }

    private static func moment(_ value: Any?) -> Timestamp? {
        guard let text = value as? String, let date = ISO8601DateFormatter().date(from: text) else { return nil }
        return Timestamp(microseconds: Int64(date.timeIntervalSince1970 * 1_000_000))
    }

    /// The reader as the charter of a time confirms it.
    private func confirmed(_ claim: Reader, at time: Timestamp) -> Reader {
        guard let code = claim.agency else { return claim.kind == .party ? claim : .public }
        guard let agency = values("agency", at: time).first(where: { $0["code"] as? String == code }),
            let kind = ReaderKind(rawValue: agency["kind"] as? String ?? "")
        else { return .public }
        if let role = claim.role {
            let isHeld = values("officer", at: time).contains { officer in
                officer["agency"] as? String == code
                    && (officer["roles"] as? [Object] ?? []).contains {
                        $0["role"] as? String == role && Self.holds($0, at: time)
                    }
            }
            guard isHeld else { return .public }
        }
        return Reader(
            kind, agency: code, role: claim.role, identities: claim.identities, purpose: claim.purpose,
            caseName: claim.caseName)
    }

    private func terms(at time: Timestamp) -> SharingTerms {
        let rules = values("rule", at: time).map { value in
            let (readers, fields) = (value["readers"] as? Object ?? [:], value["fields"] as? Object ?? [:])
            return SharingRule(
                id: value["id"] as? String ?? "", value["effect"] as? String == "permit" ? .permit : .prohibit,
                readers: ReaderSelector(
                    kinds: (readers["kinds"] as? [String] ?? []).compactMap(ReaderKind.init(rawValue:)),
                    agencies: readers["agencies"] as? [String] ?? [], roles: readers["roles"] as? [String] ?? []),
                fields: Self.selector(fields), purposes: value["purposes"] as? [String] ?? [],
                needsCase: value["needsCase"] as? Bool ?? false)
        }
        let open = grants.filter { $0.revoked.map { time < $0 } ?? true }.map(\.grant)
        return SharingTerms(
            rules: rules, purposes: Set(values("purpose", at: time).compactMap { $0["code"] as? String }), grants: open)
    }

    static func selector(_ fields: Object) -> FieldSelector {
        FieldSelector(
            types: fields["types"] as? [String] ?? [], owners: fields["owners"] as? [String] ?? [],
            compartments: fields["compartments"] as? [String] ?? [],
            classes: (fields["classes"] as? [String] ?? []).compactMap(SharingClass.init(rawValue:)),
            pointers: fields["pointers"] as? [String] ?? [])
    }

    // What a reader gets.

    /// Whether a reader may look for what a tag names: who sees only what names it may look for no other person.
    func mayLook(_ claim: Reader, for tag: EventLog.Tag, at time: Timestamp) -> Bool {
        guard isPersonal(tag, at: time) else { return true }
        let reader = confirmed(claim, at: time)
        return reader.kind == .authority || reader.kind == .auditor || reader.identities.contains(tag)
    }

    /// Whether a tag names a person, so that it stands in the log blinded.
    func isPersonal(_ tag: EventLog.Tag, at time: Timestamp) -> Bool {
        values("personalTag", at: time).contains { $0["kind"] as? String == String(tag.kind) }
    }

    /// The terms of one reading: of now, and of the earlier time it is as of.
    struct Reading {
        fileprivate let terms: [(reader: Reader, terms: SharingTerms, time: Timestamp)]
    }

    func reading(_ claim: Reader, now: Timestamp, asOf earlier: Timestamp?) -> Reading {
        Reading(
            terms: [now, earlier].compactMap { $0 }.map { time in
                let reader = confirmed(claim, at: time)
                var terms = terms(at: time)
                // What was granted to others is nothing to this one; there is much of it.
                terms.grants.removeAll { $0.agency != reader.agency }
                return (reader, terms, time)
            })
    }

    /// Which of an entry's fields are disclosed, by their index; nil: it is a stub.
    func mask(_ entry: Entry, _ reading: Reading) -> UInt64? {
        var mask = UInt64.max
        for (reader, terms, time) in reading.terms {
            let naive = NaiveDisclosure(reader: reader, entry: entry.readable, terms: terms, time: time)
            guard let answers = naive.answers() else { return nil }
            for (index, answer) in answers.enumerated() where answer == .no { mask &= ~(1 << UInt64(index)) }
        }
        return mask
    }

    /// The event that is left with what a mask discloses.
    func event(of entry: Entry, _ mask: UInt64) throws -> Object {
        var event = try Self.object(entry.bytes)
        var data = event["data"] as? Object ?? [:]
        func shows(_ index: Int) -> Bool { mask & 1 << UInt64(index) != 0 }
        for (index, mark) in entry.marks.enumerated() {
            let names = mark.pointer.split(separator: "/").map(String.init)
            if names.count == 1, !shows(index) { data[names[0]] = nil }
        }
        for mark in entry.marks where mark.pointer.split(separator: "/").count == 1 {
            let name = String(mark.pointer.dropFirst())
            let persons = entry.marks.indices.filter { entry.marks[$0].pointer.hasPrefix("/\(name)/") }
            guard !persons.isEmpty, let array = data[name] as? [Any] else { continue }
            data[name] = zip(array, persons).compactMap { shows($1) ? $0 : nil }
        }
        event["data"] = data
        return event
    }
}
