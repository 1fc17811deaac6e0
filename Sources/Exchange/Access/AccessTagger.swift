internal import EventLog

/// The tags under which access records are filed, so that a question finds its records by the index.
///
/// | tag | the record is |
/// |---|---|
/// | `owner:CODE` | about fields of this agency |
/// | `of:TYPE` | about fields of events of this type |
/// | `at:LAYER.NUMBER` | about positions in this stretch (``PositionBuckets``) |
/// | `reader:CODE` | of a reading by this agency |
/// | `case:…` | of a reading for this case, by an HMAC of its name: it may name a person |
/// | `basis:denied` | of what was asked for and denied |
/// | `log:access` | of a reading of the access log itself |
///
/// None says whom data are about: who asks as such is found by the positions of the entries that name it.
struct AccessTagger: Sendable {
    private static let caseKey = KeyReference(.agency(LedgerVoice.agency), compartment: "access-log")

    let keys: KeyStore

    static let denied = tag("basis", "denied")
    static let readings = tag("log", "access")
    static func owner(_ code: String) -> Tag? { tag("owner", code) }
    static func reader(_ code: String) -> Tag? { tag("reader", code) }
    static func type(_ type: String) -> Tag? { tag("of", type) }
    static func bucket(_ bucket: PositionBuckets.Bucket) -> Tag? { tag("at", bucket.name) }

    /// Nil if it is none, or too long: then no record is filed under it.
    private static func tag(_ kind: String, _ value: String) -> Tag? { try? Tag(kind: kind, value: value) }

    /// The tag of a case; nil if there is no record of any.
    func existingCase(_ name: String) throws(ExchangeError) -> Tag? {
        guard let key = try keys.existingKey(for: Self.caseKey) else { return nil }
        return try Self.blinded(name, key)
    }

    private static func blinded(_ name: String, _ key: SubjectKey) throws(ExchangeError) -> Tag? {
        guard let plain = tag("case", name) else { return nil }
        return try TagBlinder.blinded(plain, under: key)
    }

    /// The tags of a record.
    ///
    /// - Complexity: O(*n*) in its fields and ranges; the first case ever makes a key.
    func tags(of record: AccessRecord) throws(ExchangeError) -> [Tag] {
        var tags: Set<Tag?> = [record.owner.flatMap(Self.owner), record.reader.agency.flatMap(Self.reader)]
        if record.basis == .denied { tags.insert(Self.denied) }
        if let name = record.caseName, let key = try keys.keys(for: [Self.caseKey]).first {
            tags.insert(try Self.blinded(name, key))
        }
        switch record.extent {
        case .accessRecords: tags.insert(Self.readings)
        case .fields(let fields, let ranges):
            for field in fields { tags.insert(Self.type(field.type)) }
            for bucket in PositionBuckets.covering(ranges) { tags.insert(Self.bucket(bucket)) }
        }
        return tags.compactMap(\.self).sorted()
    }
}
