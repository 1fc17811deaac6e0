internal import EventLog
internal import LMDB
internal import Views

/// The map step of case files: of each event a fact about each of its tags that names a case's object.
enum CaseMapping {
    /// The most bytes of a field, and of all that a fact has; what is longer is left out, and the fact says so.
    static let fieldBytes = 1_024
    static let stepBytes = 3_600
    /// Stands in the place of a field that was left out. No text of an event is this: it is not a character.
    static let tooLong = "\u{FFFF}"
    /// The kind of a fact that tells what more belongs to a declaration: one text, tags with a line's end between them.
    static let relation: UInt8 = 0
    private static let number = FieldPath("/declaration")
    /// The most bytes of such a text beside a step, and alone.
    private static let nearBytes = 300
    private static let relationBytes = 4_000

    /// What a tag is to case files.
    private enum Role {
        /// A declaration, by its number, or by the reference that its declarant gave it.
        case declaration, reference
        /// Another object that has a file.
        case other
    }

    /// The first eight bytes of kinds, little-endian, and the bytes after them with the colon.
    private static let declarationKind: UInt64 = 0x7461_7261_6C63_6564
    private static let containerKind: UInt64 = 0x656E_6961_746E_6F63
    private static let enterpriseKind: UInt64 = 0x6972_7072_6574_6E65
    private static let permitKind: UInt64 = 0x3A_7469_6D72_6570
    private static let referenceKind: UInt64 = 0x3A6E_726C

    /// nil for a tag of which there is no file.
    @inline(__always)
    private static func role(of tag: Span<UInt8>) -> Role? {
        guard tag.count >= 8 else { return shortRole(of: tag) }
        let word = tag.littleEndianWord(at: 0)
        switch word {
        case declarationKind: return tag.has("ion:", at: 8) ? .declaration : nil
        case containerKind: return tag.has("r:", at: 8) ? .other : nil
        case enterpriseKind: return tag.has("se:", at: 8) ? .other : nil
        default:
            if word & 0xFF_FFFF_FFFF_FFFF == permitKind { return .other }
            return word & 0xFFFF_FFFF == referenceKind ? .reference : nil
        }
    }

    private static func shortRole(of tag: Span<UInt8>) -> Role? {
        if tag.has("lrn:", at: 0) { return .reference }
        return tag.has("permit:", at: 0) ? .other : nil
    }

    /// Whether a declaration's file lists what a tag names as belonging to it.
    static func isRelated(_ tag: String) -> Bool {
        role(of: tag.utf8Span.span).map { $0 != .reference } ?? false
    }

    /// The tags of what a fact says belongs to its object.
    static func related(_ fact: Fact) -> [Substring] {
        let before = CaseEvent(rawValue: fact.kind).map { CaseVocabulary.of($0).fields.count } ?? 0
        guard fact.values.count == before + 1 else { return [] }
        return fact.values[before].plainText?.split(separator: "\n") ?? []
    }

    static let query = Query(types: CaseEvent.allCases.map(\.type))

    static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        guard let vocabulary = CaseVocabulary.named(entry.type) else { return }
        let own = vocabulary.relates ? ownDeclaration(of: entry) : nil
        for index in 0..<entry.tagCount {
            let tag = entry.tag(at: index)
            guard let role = role(of: tag) else { continue }
            facts.fact(about: tag, kind: vocabulary.event.rawValue)
            facts.add(entry, vocabulary.fields)
            guard vocabulary.relates, role != .other else { continue }
            if role == .declaration, let own, !tag.isEqual(to: own.span) { continue }
            relate(index, of: entry, &facts)
        }
    }

    /// What an event says belongs to its own declaration: others that it names are not told. Nil if it names no more than one.
    private static func ownDeclaration(of entry: borrowing ViewEntry) -> [UInt8]? {
        var named = 0
        for index in 0..<entry.tagCount where role(of: entry.tag(at: index)) == .declaration { named += 1 }
        guard named > 1 else { return nil }
        return entry.string(number).map { Array("declaration:\($0)".utf8) }
    }

    /// Says which other objects of an entry belong to that of a tag: as one more value of its step, as far as there is room for
    /// them, and in facts of their own.
    private static func relate(_ object: Int, of entry: borrowing ViewEntry, _ facts: inout FactSink) {
        var text: [UInt8] = []
        text.reserveCapacity(nearBytes)
        var isNear = true
        for index in 0..<entry.tagCount where index != object {
            let tag = entry.tag(at: index)
            guard let role = role(of: tag), role != .reference else { continue }
            if !text.isEmpty {
                if text.count + tag.count < (isNear ? nearBytes : relationBytes) {
                    text.append(UInt8(ascii: "\n"))
                } else {
                    add(text, isNear, object, entry, &facts)
                    text.removeAll(keepingCapacity: true)
                    isNear = false
                }
            }
            text.append(copying: tag)
        }
        if !text.isEmpty { add(text, isNear, object, entry, &facts) }
    }

    private static func add(
        _ text: [UInt8], _ isNear: Bool, _ object: Int, _ entry: borrowing ViewEntry, _ facts: inout FactSink
    ) {
        if !isNear { facts.fact(about: entry.tag(at: object), kind: relation) }
        facts.add(text: text.span)
    }
}

extension Span<UInt8> {
    /// Whether a text stands at an offset.
    @inline(__always)
    func has(_ text: String, at start: Int) -> Bool {
        guard count >= start + text.utf8.count else { return false }
        var at = start
        for scalar in text.utf8 {
            guard self[at] == scalar else { return false }
            at += 1
        }
        return true
    }
}
