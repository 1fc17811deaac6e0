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
    /// The kind of a fact that tells what belongs to a declaration: one text, tags with a line's end between them.
    static let relation: UInt8 = 0
    private static let relationBytes = 4_000
    private static let number = FieldPath("/declaration")

    private static let declarations = [Array("declaration:".utf8), Array("lrn:".utf8)]
    private static let others = [Array("container:".utf8), Array("enterprise:".utf8), Array("permit:".utf8)]
    /// What a declaration's file lists as belonging to it.
    private static let related = others + [declarations[0]]

    static func isRelated(_ tag: String) -> Bool { related.contains { tag.utf8.starts(with: $0) } }

    static let query = Query(types: CaseEvent.allCases.map(\.type))

    static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        guard let vocabulary = CaseVocabulary.named(entry.type) else { return }
        let relations = vocabulary.relates ? relations(of: entry) : []
        // What an event says belongs to its own declaration: others that it names are not told.
        let own = vocabulary.relates ? entry.string(number).map { Array("declaration:\($0)".utf8) } : nil
        for index in 0..<entry.tagCount {
            let tag = entry.tag(at: index)
            let isDeclaration = declarations.contains { tag.starts(with: $0) }
            guard isDeclaration || others.contains(where: { tag.starts(with: $0) }) else { continue }
            facts.fact(about: tag, kind: vocabulary.event.rawValue)
            facts.add(entry, vocabulary.fields)
            guard isDeclaration else { continue }
            if let own, tag.starts(with: declarations[0]), !tag.isEqual(to: own.span) { continue }
            for relation in relations {
                facts.fact(about: tag, kind: Self.relation)
                facts.add(text: relation.span)
            }
        }
    }

    /// The tags of what belongs to a declaration, in pieces that a fact has room for.
    private static func relations(of entry: borrowing ViewEntry) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for index in 0..<entry.tagCount {
            let tag = entry.tag(at: index)
            guard related.contains(where: { tag.starts(with: $0) }) else { continue }
            if let last = pieces.indices.last, pieces[last].count + tag.count < relationBytes {
                pieces[last].append(UInt8(ascii: "\n"))
                pieces[last].append(copying: tag)
            } else {
                pieces.append(tag.copied)
            }
        }
        return pieces
    }
}

extension Span<UInt8> {
    /// Whether the first bytes are these.
    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        count >= prefix.count && extracting(0..<prefix.count).isEqual(to: prefix.span)
    }
}
