internal import EventLog
internal import JSON
internal import LMDB
internal import Views

/// The map step of boards: facts about what a board is of, and the keys by which it is found.
enum BoardMapping {
    static let query = Query(types: BoardEvent.allCases.map { "sanhu." + $0.name })

    private static let port = FieldPath("/port")
    private static let ports = FieldPath("/ports")
    private static let owner = FieldPath("/owner")
    private static let asked = FieldPath("/asked")
    private static let assistance = FieldPath("/assistance")
    private static let request = FieldPath("/request")
    private static let incident = FieldPath("/incident")
    private static let published = FieldPath("/published")
    private static let condition = FieldPath("/condition")

    static func map(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        guard let vocabulary = BoardVocabulary.named(entry.type) else { return }
        switch vocabulary.event {
        case .declarationLodged: lodged(entry, &facts)
        case .inspectionOrdered, .inspectionNotified, .inspectionStarted, .inspectionCompleted, .dispositionDecided:
            inspection(entry, vocabulary, &facts)
            if vocabulary.event == .dispositionDecided { about(["declaration:"], entry, vocabulary, &facts) }
        case .noticeIssued:
            about(["declaration:"], entry, vocabulary, &facts)
            for index in 0..<entry.tagCount where entry.tag(at: index).has("agency:", at: 0) {
                let agency = entry.tag(at: index)
                declared(BoardKind.receipts.key(agency.extracting(7..<agency.count)), entry, &facts)
            }
        case .documentSupplied, .informationRequested, .declarationReopened, .refundDecided:
            about(["declaration:"], entry, vocabulary, &facts)
        case .noticeAcknowledged:
            about(["declaration:"], entry, vocabulary, &facts)
            incident(entry, vocabulary, &facts)
            acknowledgement(entry, vocabulary, &facts)
        case .incidentDeclared: incident(entry, vocabulary, &facts)
        case .assistanceRequested, .assistanceAnswered, .assistanceClosed, .disclosureRequested, .disclosureDecided:
            assistance(entry, vocabulary, &facts)
        case .riskFlagged, .riskCleared, .intelligenceShared:
            // All tags are blinded: a list is made of what each agency says, and a row of what carries a blinded form of its object.
            facts.fact(about: RiskBoard.object(of: entry.agency).span, kind: vocabulary.event.rawValue)
            facts.add(entry, vocabulary.fields)
            for index in 0..<entry.tagCount {
                let tag = entry.tag(at: index)
                let name = RiskBoard.object(tagged: tag)
                facts.fact(about: name.span, kind: vocabulary.event.rawValue)
                facts.add(entry, vocabulary.fields)
            }
            guard entry.tagCount == 0 else { return }
            let untagged = RiskBoard.untagged
            facts.fact(about: untagged.span, kind: vocabulary.event.rawValue)
            facts.add(entry, vocabulary.fields)
        case .releaseGranted where entry.string(condition) != "guarantee": return
        case .recordCorrected: about(["guarantee:"], entry, vocabulary, &facts)
        case .guaranteeLodged, .guaranteeClaimed, .releaseGranted, .dutyPaid:
            about(["guarantee:"], entry, vocabulary, &facts)
            if vocabulary.event == .guaranteeLodged { guarantees(entry, &facts) }
        case .creditRated, .violationRecorded: credit(entry, vocabulary, &facts)
        }
    }

    /// Says what an event says about each of its tags of some kinds.
    private static func about(
        _ kinds: [String], _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        for index in 0..<entry.tagCount {
            let tag = entry.tag(at: index)
            guard kinds.contains(where: { tag.has($0, at: 0) }) else { continue }
            facts.fact(about: tag, kind: vocabulary.event.rawValue)
            facts.add(entry, vocabulary.fields)
        }
    }

    /// Lets an object be found by a key; one that is too long is not found by it.
    private static func lookup(_ key: [UInt8], finds object: Span<UInt8>, _ facts: inout FactSink) {
        guard key.count <= ViewLimits.lookupBytes, isName(key) else { return }
        facts.lookup(key.span, finds: object)
    }

    private static func isName(_ bytes: [UInt8]) -> Bool { !bytes.isEmpty && !bytes.contains { $0 < 0x20 } }

    // MARK: Declarations

    private static func lodged(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        declared(BoardKind.receipts.key(entry.agency), entry, &facts)
        for index in 0..<entry.tagCount where entry.tag(at: index).has("enterprise:", at: 0) {
            declared(BoardKind.receipts.key(entry.tag(at: index)), entry, &facts)
        }
    }

    private static func declared(_ key: [UInt8], _ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        for index in 0..<entry.tagCount where entry.tag(at: index).has("declaration:", at: 0) {
            lookup(key, finds: entry.tag(at: index), &facts)
        }
    }

    // MARK: Inspections

    private static let inspected = ["declaration:", "conveyance:", "container:"]

    private static func inspection(
        _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        let isDisposition = vocabulary.event == .dispositionDecided
        about(
            isDisposition ? Array(inspected.dropFirst()) : inspected, entry, vocabulary, &facts)
        guard !isDisposition else { return }
        let day = PortRules.day(of: entry.recorded)
        let port = entry.string(port)
        for kind in inspected {
            var isFound = false
            for index in 0..<entry.tagCount where entry.tag(at: index).has(kind, at: 0) {
                isFound = true
                for place in ["", port ?? ""] where place.isEmpty || port != nil {
                    lookup(BoardKind.inspections.key(place), finds: entry.tag(at: index), &facts)
                    lookup(BoardKind.inspections.key(place, on: day), finds: entry.tag(at: index), &facts)
                    if port?.isEmpty ?? true { break }
                }
            }
            // A consignment is listed by its declaration, not by each of its containers as well.
            if isFound { return }
        }
    }

    // MARK: Assistance

    private static func assistance(
        _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        let position: Position
        switch vocabulary.event {
        case .assistanceRequested:
            position = entry.position
        case .disclosureDecided:
            guard let request = entry.integer(request), request >= 0 else { return }
            position = Position(request)
        default:
            guard let request = entry.integer(assistance), request >= 0 else { return }
            position = Position(request)
        }
        let object = AssistanceBoard.stored(position)
        facts.fact(about: object, kind: vocabulary.event.rawValue)
        facts.add(entry, vocabulary.fields)
        guard vocabulary.event == .assistanceRequested else { return }
        lookup(BoardKind.inbox.key("out ", entry.agency), finds: object.utf8Span.span, &facts)
        for agency in Set([entry.string(owner)].compactMap(\.self) + texts(entry, asked)).sorted() {
            lookup(BoardKind.inbox.key("in " + agency), finds: object.utf8Span.span, &facts)
        }
    }

    private static let namedSource = FieldPath("/event/source")
    private static let namedId = FieldPath("/event/id")

    /// What acknowledges neither an incident nor a notice about a declaration may answer a request to act.
    private static func acknowledgement(
        _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        guard entry.string(incident) == nil, let source = entry.string(namedSource), let id = entry.string(namedId)
        else { return }
        let object = Array(AssistanceBoard.named(source, id).utf8)
        guard isName(object), object.count <= ViewLimits.objectBytes else { return }
        facts.fact(about: object.span, kind: vocabulary.event.rawValue)
        facts.add(entry, vocabulary.fields)
    }

    private static func texts(_ entry: borrowing ViewEntry, _ path: FieldPath) -> [String] {
        guard let json = entry.json(entry.field(path)) else { return [] }
        return (try? JSONDocument(parsing: json.copied))?.root.elements.compactMap(\.string) ?? []
    }

    // MARK: Guarantees, credit, incidents

    private static func guarantees(_ entry: borrowing ViewEntry, _ facts: inout FactSink) {
        for index in 0..<entry.tagCount where entry.tag(at: index).has("guarantee:", at: 0) {
            let guarantee = entry.tag(at: index)
            lookup(BoardKind.guarantees.key(""), finds: guarantee, &facts)
            for other in 0..<entry.tagCount where entry.tag(at: other).has("enterprise:", at: 0) {
                lookup(BoardKind.guarantees.key(entry.tag(at: other)), finds: guarantee, &facts)
            }
        }
    }

    private static func credit(
        _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        about(["enterprise:", "conveyance:", "person:"], entry, vocabulary, &facts)
        let isPublished = isTrue(entry, published)
        // Who is rated or has done something as a person is not listed.
        for index in 0..<entry.tagCount where entry.tag(at: index).has("enterprise:", at: 0) {
            lookup(BoardKind.credit.key(""), finds: entry.tag(at: index), &facts)
            guard vocabulary.event == .violationRecorded else { continue }
            lookup(BoardKind.credit.key("violations"), finds: entry.tag(at: index), &facts)
            if isPublished { lookup(BoardKind.credit.key("published"), finds: entry.tag(at: index), &facts) }
        }
    }

    private static func isTrue(_ entry: borrowing ViewEntry, _ path: FieldPath) -> Bool {
        guard let json = entry.json(entry.field(path)) else { return false }
        return json.isEqual(to: "true".utf8Span.span)
    }

    private static func incident(
        _ entry: borrowing ViewEntry, _ vocabulary: BoardVocabulary, _ facts: inout FactSink
    ) {
        guard let name = entry.string(incident) else { return }
        let object = Array("incident:\(name)".utf8)
        guard isName(object), object.count <= ViewLimits.objectBytes else { return }
        facts.fact(about: object.span, kind: vocabulary.event.rawValue)
        facts.add(entry, vocabulary.fields)
        guard vocabulary.event == .incidentDeclared else { return }
        for port in Set([""] + texts(entry, ports)).sorted() {
            lookup(BoardKind.incidents.key(port), finds: object.span, &facts)
        }
    }
}
