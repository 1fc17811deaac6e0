internal import EventLog
internal import Views

/// The map step of the view `figures`: of each event one fact, about the one object to whose story it belongs. So nothing is
/// counted twice.
enum FigureMapping {
    /// Names of objects that are longer, or that hold what no name may, are not used.
    private static let nameBytes = 200
    /// Fields by which an event belongs to an object, the first that it has, with the object's kind.
    private static let homes: [(FieldPath, String)] = [
        (FieldPath("/declaration"), "declaration"), (FieldPath("/localReference"), "lrn"),
        (FieldPath("/container"), "container"), (FieldPath("/incident"), "incident"), (FieldPath("/draw"), "draw"),
        (FieldPath("/permit"), "permit"), (FieldPath("/refund"), "refund"), (FieldPath("/audit"), "audit"),
        (FieldPath("/enterprise"), "enterprise"), (FieldPath("/conveyance"), "conveyance"),
        (FieldPath("/image"), "image"),
    ]
    private static let assistance = FieldPath("/assistance")
    private static let request = FieldPath("/request")
    private static let asked = FieldPath("/asked")
    private static let named = FieldPath("/event/id")
    private static let source = FieldPath("/event/source")

    static let query = Query(types: FigureVocabulary.types)

    static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        // Of what is sealed as a whole, nothing is known to everyone.
        guard !entry.isSealed, let vocabulary = FigureVocabulary.named(entry.type) else { return }
        facts.fact(about: object(of: entry, vocabulary.type), kind: vocabulary.number)
        facts.add(entry, vocabulary.fields)
    }

    private static func object(of entry: borrowing ViewEntry, _ type: String) -> String {
        switch type {
        case "assistance.requested":
            // Of a request to act those who are asked acknowledge it, and name it by its id.
            guard entry.field(asked) != .missing else { return "assistance:\(entry.position)" }
            if let id = entry.attribute("id"), let source = entry.attribute("source"), isName(source + id) {
                return "request:\(source)#\(id)"
            }
        case "disclosure.requested": return "disclosure:\(entry.position)"
        case "assistance.answered", "assistance.closed":
            if let position = entry.integer(assistance) { return "assistance:\(position)" }
        case "disclosure.decided", "disclosure.checked", "disclosure.disputed", "disclosure.expired":
            if let position = entry.integer(request) { return "disclosure:\(position)" }
        default:
            for (path, kind) in homes {
                guard let name = entry.string(path) else { continue }
                if isName(name) { return "\(kind):\(name)" }
            }
            if type == "notice.acknowledged", let id = entry.string(named), let source = entry.string(source),
                isName(source + id)
            {
                return "request:\(source)#\(id)"
            }
        }
        return "event:\(entry.position)"
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= nameBytes && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
