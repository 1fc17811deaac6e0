import EventLog
import JSON

/// Maps a row to what happened: the declaration was lodged, it was inspected, and, if something was found, a violation
/// was recorded.
///
/// | column | becomes |
/// |---|---|
/// | Declaration ID | subject and tag `declaration:` of all three, and their ids |
/// | Date | `lodgedOn`, and midnight in Korea as `time` of the lodgement, with `timeBasis` `day` |
/// | Declarant, Importer, Courier ID | `parties`, tags `enterprise:` |
/// | Seller ID, Item Price | `commercial`: classified together, so the seller is no tag |
/// | Fraud, Critical Fraud | `result`, `findings`; the violation's `kind` and `severity` |
///
/// The file tells the day of the declaration and no other: the inspection and the violation have no `time`.
struct KCSMapper {
    static let declarants = Producer(agency: "DEC", source: "/declarants/kr/kcs")
    static let authority = Producer(agency: "CUS", source: "/customs/kr/kcs")

    private let lodged = EventTemplate(producer: declarants, type: .declarationLodged)
    private let inspected = EventTemplate(producer: authority, type: .inspectionCompleted)
    private let violated = EventTemplate(producer: authority, type: .violationRecorded)

    /// The events of a row, in the order they happened.
    ///
    /// - Throws: ``Refusal`` if a value cannot be a tag.
    func events(of row: KCSRow) throws(Refusal) -> [(type: EventType, id: String, draft: EventDraft)] {
        var events: [(type: EventType, id: String, draft: EventDraft)] = []
        events.reserveCapacity(row.hasFinding ? 3 : 2)
        let number = row[.declarationID]
        let declaration = try tag(.declaration, number)
        let importer = try tag(.enterprise, row[.importer])
        let office = try tag(.office, row[.office])

        var lodgedTags = [declaration, importer, office, try tag(.hs, row[.hs6])]
        if row[.declarant] != row[.importer] { lodgedTags.append(try tag(.enterprise, row[.declarant])) }
        if let courier = row.value(.courier) { lodgedTags.append(try tag(.enterprise, courier)) }
        events.append(
            try event(
                lodged, of: number, time: row[.date] + "T00:00:00+09:00", lodgedTags
            ) { writer in
                writeLodged(row, to: &writer)
            })
        events.append(
            try event(inspected, of: number, time: nil, [declaration, importer, office]) {
                writer in
                writer.member("declaration", number)
                writer.member("office", row[.office])
                writer.member("declaredOn", row[.date])
                writer.member("result", row.hasFinding ? "finding" : "no-finding")
                guard row.hasFinding else { return }
                writer.key("findings")
                writer.array { $0.object { writeFinding(row, to: &$0) } }
            })
        if row.hasFinding {
            events.append(
                try event(violated, of: number, time: nil, [declaration, importer, office]) {
                    writer in
                    writer.member("declaration", number)
                    writer.member("party", row[.importer])
                    writer.member("role", "importer")
                    writer.member("office", row[.office])
                    writer.member("declaredOn", row[.date])
                    writeFinding(row, to: &writer)
                })
        }
        return events
    }

    private func writeLodged(_ row: KCSRow, to writer: inout JSONWriter) {
        writer.member("declaration", row[.declarationID])
        writer.member("kind", "goods")
        writer.member("flow", "import")
        writer.member("lodgedOn", row[.date])
        writer.member("timeBasis", "day")
        writer.member("office", row[.office])
        text("processType", row.value(.processType), to: &writer)
        text("importType", row.value(.importType), to: &writer)
        text("importUse", row.value(.importUse), to: &writer)
        text("paymentType", row.value(.paymentType), to: &writer)
        text("transportMode", row.value(.transportMode), to: &writer)
        text("departureCountry", row.value(.departureCountry), to: &writer)
        writer.key("parties")
        writer.object { writer in
            writer.member("declarant", row[.declarant])
            writer.member("importer", row[.importer])
            text("courier", row.value(.courier), to: &writer)
        }
        writer.key("commercial")
        writer.object { writer in
            if let seller = row.value(.seller) {
                writer.key("seller")
                writer.object { $0.member("id", seller) }
            }
            writer.key("items")
            writer.array { writer in
                writer.object { writer in
                    writer.member("number", 1)
                    writer.key("price")
                    writer.object { number("amount", row[.itemPrice], to: &$0) }
                }
            }
        }
        writer.key("items")
        writer.array { writer in
            writer.object { writer in
                writer.member("number", 1)
                writer.member("hs6", row[.hs6])
                text("origin", row.value(.originCountry), to: &writer)
                text("originIndicator", row.value(.originIndicator), to: &writer)
                text("taxType", row.value(.taxType), to: &writer)
                number("taxRate", row[.taxRate], to: &writer)
                writer.key("netMass")
                writer.object { writer in
                    number("value", row[.netMass], to: &writer)
                    writer.member("unit", "KGM")
                }
            }
        }
    }

    private func writeFinding(_ row: KCSRow, to writer: inout JSONWriter) {
        writer.member("kind", row.severity == 2 ? "critical-fraud" : "fraud")
        writer.member("severity", row.severity)
    }

    private func event(
        _ template: EventTemplate, of number: String, time: String?, _ tags: [Tag],
        writing data: (inout JSONWriter) -> Void
    ) throws(Refusal) -> (type: EventType, id: String, draft: EventDraft) {
        let id = template.type.rawValue + "/" + number
        let composer = EventComposer(template: template, id: id, subject: "declaration:" + number, time: time)
        return (template.type, id, try composer.draft(tags: tags) { $0.object(data) })
    }

    private func tag(_ kind: TagKind, _ value: String) throws(Refusal) -> Tag {
        do throws(LogError) {
            return try Tag(kind: kind.rawValue, value: value)
        } catch {
            throw Refusal(error.reason)
        }
    }

    private func text(_ key: String, _ value: String?, to writer: inout JSONWriter) {
        if let value { writer.member(key, value) }
    }

    private func number(_ key: String, _ value: String, to writer: inout JSONWriter) {
        writer.key(key)
        if !writer.number(value) { writer.string(value) }
    }
}
