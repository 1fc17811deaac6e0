import EventLog
import Exchange
import Foundation
import JSON
import Testing

/// A case file made the simple way: from the events as they were disclosed to a reader, by the tables of docs/case-files.md
/// and the schemas of Schemas/, in dictionaries. Nothing of the room or of the kit is used.
struct NaiveCase {
    typealias Object = [String: Any]

    /// One event of the case.
    struct Step {
        let position: Position
        let agency: String
        let type: String
        let id: String
        let source: String
        let json: Object
        let isOwn: Bool
        let isLong: Set<String>
        let tags: [String]

        var fields: Object { json["fields"] as? Object ?? [:] }
        func text(_ name: String) -> String? { fields[name] as? String }
        func number(_ name: String) -> Int? { fields[name] as? Int }
    }

    let object: String
    let steps: [Step]
    var own: [Step] { steps.filter(\.isOwn) }

    // What the documents say.

    /// The fields of each type, from the table in the document.
    static let vocabulary: [String: [String]] = {
        let text = (try? String(contentsOf: CaseLab.document, encoding: .utf8)) ?? ""
        let part = text.components(separatedBy: "## ").first { $0.hasPrefix("What it is made of") } ?? ""
        var vocabulary: [String: [String]] = [:]
        for line in part.components(separatedBy: "\n") where line.hasPrefix("| `") {
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let fields = cells[2].components(separatedBy: ", ")
            var noun = ""
            for name in cells[1].components(separatedBy: ", ").map({ $0.trimmingCharacters(in: ["`"]) }) {
                if !name.hasPrefix(".") { noun = String(name.prefix { $0 != "." }) }
                vocabulary[name.hasPrefix(".") ? noun + name : name] = fields
            }
        }
        return vocabulary
    }()

    /// The names of marked properties of a schema.
    private static func marked(_ uri: String) -> Set<String> {
        let name = uri.components(separatedBy: ":").dropLast().last ?? ""
        let file = CaseLab.schemas.appendingPathComponent(name + ".schema.json")
        guard let data = try? Data(contentsOf: file),
            let schema = try? JSONSerialization.jsonObject(with: data) as? Object
        else { return [] }
        let properties = schema["properties"] as? [String: Object] ?? [:]
        return Set(properties.filter { $0.value["x-sharing"] != nil }.keys)
    }

    // Steps.

    init(_ object: String, _ events: [SeenEntry]) throws {
        self.object = object
        var steps: [Step] = []
        for case .entry(let event) in events {
            if let step = try Self.step(event, of: object) { steps.append(step) }
        }
        self.steps = steps
    }

    private static func step(_ seen: SeenEntry.Event, of object: String) throws -> Step? {
        let event = try JSONDocument(parsing: seen.event).root
        let type = String((event["type"]?.string ?? "").dropFirst("sanhu.".count))
        guard let names = vocabulary[type] else { return nil }
        let marked = marked(event["dataschema"]?.string ?? "")
        let id = event["id"]?.string ?? ""
        let time = event["time"]?.string
        var (fields, withheld, gone, long): (Object, Object, Object, [String]) = ([:], [:], [:], [])
        let source = event["source"]?.string ?? ""
        var taken = id.utf8.count + (time?.utf8.count ?? 0) + (isNamed.contains(type) ? source.utf8.count : 0)
        for name in names {
            let isParty = type == "declaration.lodged" && ["declarant", "importer", "exporter"].contains(name)
            let value = isParty ? event["data"]?["parties"]?[name] : event["data"]?[name]
            if let reason = seen.withheld.first(where: { $0.pointer == "/" + name })?.reason {
                withheld[name] = [
                    "class": reason.sharingClass.rawValue, "compartment": reason.compartment, "owner": reason.owner,
                ]
            } else if let lost = seen.gone.first(where: { $0.pointer == "/" + name }) {
                gone[name] = lost.cause.rawValue
            } else if let value {
                let count = marked.contains(name) ? 0 : value.text.count
                if count > 1_024 || taken + count > 3_600 {
                    long.append(name)
                } else {
                    taken += count
                    fields[name] = try JSONSerialization.jsonObject(
                        with: Data(value.text), options: .fragmentsAllowed)
                }
            }
        }
        let number = fields["declaration"] as? String
        let isOwn = !object.hasPrefix("declaration:") || number == nil || object == "declaration:" + (number ?? "")
        var json: Object = [
            "position": Int(seen.position), "recorded": seen.recorded.description, "id": id, "agency": seen.agency,
            "type": type, "fields": fields,
        ]
        if let time, !time.isEmpty { json["time"] = time }
        if isNamed.contains(type) { json["source"] = source }
        if !isOwn { json["about"] = number }
        if !withheld.isEmpty { json["withheld"] = withheld }
        if !gone.isEmpty { json["gone"] = gone }
        if !long.isEmpty { json["long"] = long }
        return Step(
            position: seen.position, agency: seen.agency, type: type, id: id, source: source, json: json, isOwn: isOwn,
            isLong: Set(long), tags: seen.tags.map(\.text))
    }

    /// The events that others name, and those that do.
    private static let isNamed: Set<String> = [
        "hold.placed", "hold.lifted", "permit.issued", "permit.writtenoff", "record.corrected", "result.recognised",
        "recognition.revoked",
    ]

    /// Whether a step means an earlier one by a field, among those that it might mean.
    func means(_ step: Step, by field: String, _ meant: Step, among all: [Step]) -> Bool {
        let own = all.filter {
            $0.position < step.position && $0.agency == step.agency && $0.id == step.text(field)
        }
        let sources = Set(own.map(\.source))
        let source = step.text("source") ?? (sources.contains(step.source) || sources.count != 1 ? step.source : nil)
        return own.contains { $0.position == meant.position } && (source == nil || source == meant.source)
    }

    // Files.

    /// The file, as its JSON would be read.
    var file: Object {
        var file: Object =
            switch String(object.prefix { $0 != ":" }) {
            case "container": container
            case "enterprise": enterprise
            case "permit": permit
            default: declaration
            }
        file["object"] = object
        file["steps"] = steps.map(\.json)
        return file
    }

    private static func distinct(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// An object without the members that are nil.
    static func made(_ members: [String: Any?]) -> Object { members.compactMapValues { $0 } }

    var holds: [Object] {
        let all = own.filter { $0.type == "hold.placed" }
        return all.map { placed in
            let lift = own.first { $0.type == "hold.lifted" && means($0, by: "hold", placed, among: all) }
            return Self.made([
                "id": placed.id, "agency": placed.agency, "scope": placed.text("scope"),
                "legalBasis": placed.text("legalBasis"), "reasonClass": placed.text("reasonClass"),
                "placed": Int(placed.position), "lifted": lift.map { Int($0.position) },
            ])
        }
    }

    private var container: Object {
        let moves = own.filter { $0.type == "equipment.moved" }
        return Self.made([
            "location": moves.compactMap { $0.text("to") ?? $0.text("facility") }.last,
            "lastMove": moves.last?.text("move"), "holds": holds,
            "inspections": own.filter { $0.type.hasPrefix("inspection.") }.map {
                Self.made([
                    "type": $0.type, "agency": $0.agency, "position": Int($0.position), "result": $0.text("result"),
                ])
            },
            "declarations": Self.distinct(own.compactMap { $0.text("declaration") }),
        ])
    }

    private var enterprise: Object {
        let rated = own.filter { $0.type == "credit.rated" }
        let newest = rated.filter { step in
            !rated.contains { $0.position > step.position && $0.text("scheme") == step.text("scheme") }
        }
        return [
            "ratings": newest.map {
                Self.made([
                    "scheme": $0.text("scheme"), "rating": $0.text("rating"), "agency": $0.agency,
                    "from": $0.text("from"), "until": $0.text("until"), "position": Int($0.position),
                ])
            },
            "violations": own.filter { $0.type == "violation.recorded" }.map {
                Self.made([
                    "agency": $0.agency, "position": Int($0.position), "declaration": $0.text("declaration"),
                    "kind": $0.text("kind"),
                ])
            }, "holds": holds, "declarations": Self.distinct(own.compactMap { $0.text("declaration") }),
        ]
    }

    /// Those of some write-offs of which their agency has said that they were wrong.
    func reversed(_ writeOffs: [Step]) -> Set<Position> {
        var reversed: Set<Position> = []
        for step in own where step.type == "record.corrected" {
            // It must name both permit and declaration: those of what was wrong.
            guard let permit = step.text("permit"), let declaration = step.text("declaration") else { continue }
            let all = writeOffs.filter {
                $0.text("permit") == permit && $0.text("declaration") == declaration && !reversed.contains($0.position)
            }
            for wrong in all where means(step, by: "event", wrong, among: all) { reversed.insert(wrong.position) }
        }
        return reversed
    }

    private var permit: Object {
        let number = String(object.dropFirst("permit:".count))
        var issues: [Step] = []
        for step in own where step.text("permit") == number {
            if step.type == "permit.issued" { issues.append(step) }
            guard step.type == "record.corrected", step.text("declaration") == nil else { continue }
            let known = issues
            issues.removeAll { means(step, by: "event", $0, among: known) }
        }
        let others = issues.map(\.agency).filter { $0 != issues.last?.agency }
        let rivals = others.isEmpty ? [] : Self.distinct(others) + [issues.last?.agency ?? ""]
        let all = own.filter {
            $0.type == "permit.writtenoff" && $0.text("permit") == number && $0.text("declaration") != nil
        }
        let reversed = reversed(all)
        var used = 0
        let writeOffs = all.map { step in
            let isRepeated = all.contains {
                $0.position < step.position && !reversed.contains($0.position)
                    && $0.text("declaration") == step.text("declaration")
                    && $0.number("item") == step.number("item")
            }
            let state = reversed.contains(step.position) ? "reversed" : isRepeated ? "repeated" : "counted"
            if state == "counted" { used += step.number("quantity") ?? 0 }
            return Self.made([
                "declaration": step.text("declaration"), "item": step.number("item"),
                "quantity": step.number("quantity"), "position": Int(step.position), "state": state,
            ])
        }
        // What a later issue leaves out stays as it was.
        func last(_ name: String) -> Step? { !rivals.isEmpty ? nil : issues.last { $0.fields[name] != nil } }
        let issue = !rivals.isEmpty ? nil : issues.last
        let issued = last("quantity")?.number("quantity")
        return Self.made([
            "kind": issue?.text("kind"), "holder": issue?.text("holder"), "unit": last("unit")?.text("unit"),
            "issued": issued, "left": issued.map { $0 - used }, "isExceeded": (issued.map { $0 - used } ?? 0) < 0,
            "writeOffs": writeOffs, "rivals": rivals.isEmpty ? nil : rivals,
        ])
    }
}
