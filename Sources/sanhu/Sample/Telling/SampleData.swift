import EventLog
import JSON

/// Writes what an event says: the members of its data, with the tags by which it is found as they come.
struct SampleData {
    /// What has been written.
    private(set) var json: JSONWriter
    private(set) var tags: [Tag] = []
    let agency: SampleAgency
    let port: SamplePort
    /// Whether the event is sealed as a whole: nothing of it stands in the clear, no tag either.
    let isSealed: Bool
    private let isPlayed: Bool
    private let story: SampleStory
    private let position: (Int) -> Position

    /// - Parameter position: Where the step of a number stands in the log.
    init(_ step: SampleStep, into json: JSONWriter, isPlayed: Bool, position: @escaping (Int) -> Position) {
        self.json = json
        agency = step.agency
        (port, story) = (step.story.port, step.story)
        self.isPlayed = isPlayed
        isSealed = Self.sealed.contains(step.form)
        self.position = position
    }

    /// The forms that a schema of Schemas/ seals as a whole.
    private static let sealed: Set<String> = [
        "risk.flagged", "risk.cleared", "intelligence.shared", "intelligence.sourced", "person.crossed",
        "declaration.lodged+person", "inspection.completed+person", "credit.rated+person", "rule.breached",
    ]

    // MARK: Members

    mutating func text(_ key: String, _ value: String) { json.member(key, value) }

    mutating func text(_ key: String, ifAny value: String?) {
        if let value { json.member(key, value) }
    }

    /// A member by which the event is found.
    mutating func tag(_ key: String, _ value: String, as kind: String? = nil) {
        json.member(key, value)
        found(kind ?? key, value)
    }

    mutating func tag(_ key: String, ifAny value: String?, as kind: String? = nil) {
        if let value { tag(key, value, as: kind) }
    }

    /// By what else the event is found.
    mutating func found(_ kind: String, _ value: String) {
        if !isSealed { tags.append(Tag(known: kind, value)) }
    }

    /// Whom the event addresses; also of one that is sealed as a whole, whose tags the ledger blinds.
    mutating func addressed(to agencies: [SampleAgency]) {
        texts("recipients", agencies.map(\.rawValue))
        tags += agencies.map { Tag(known: "agency", $0.rawValue) }
    }

    mutating func int(_ key: String, _ value: Int) { json.member(key, Int64(value)) }

    mutating func bool(_ key: String, _ value: Bool) {
        json.key(key)
        json.bool(value)
    }

    mutating func time(_ key: String, _ value: SampleTime) { json.member(key, value.text) }

    mutating func day(_ key: String, _ value: SampleTime) { json.member(key, value.dateText) }

    /// A number with two decimals.
    mutating func decimal(_ key: String, _ hundredths: Int) {
        json.key(key)
        json.raw("\(hundredths / 100).\(SampleKeys.digits(hundredths % 100, count: 2))".utf8)
    }

    /// A sum: `{"amount":…,"currency":…}`.
    mutating func money(_ key: String, _ hundredths: Int, _ currency: String = "CNY") {
        object(key) { data in
            data.decimal("amount", hundredths)
            data.text("currency", currency)
        }
    }

    /// The joint inspection of some orders.
    mutating func inspection(of orders: [Int]) { text("inspection", name(of: orders)) }

    /// The joint notice of some orders, by the name of its inspection.
    mutating func notice(of orders: [Int]) { text("notice", name(of: orders)) }

    /// How an inspection is named: by the port's automation after where its first order stands, else after that order.
    private func name(of orders: [Int]) -> String {
        isPlayed ? "J\(orders.map(position).min() ?? 0)" : "I-" + story.id(orders.min() ?? 0)
    }

    mutating func position(_ key: String, of ordinal: Int) { json.member(key, Int64(position(ordinal))) }

    mutating func positions(_ key: String, of ordinals: [Int]) {
        list(key, ordinals) { $0.json.integer(Int64($0.position($1))) }
    }

    mutating func reference(_ key: String, _ reference: SampleReference) {
        object(key) { data in
            data.text("source", reference.source)
            data.text("id", reference.id)
        }
    }

    // MARK: Objects and lists

    mutating func object(_ key: String, _ body: (inout SampleData) -> Void) {
        json.key(key)
        object(body)
    }

    /// The writer is lent out while the body writes.
    mutating func object(_ body: (inout SampleData) -> Void) {
        var writer = JSONWriter(reservingCapacity: 0)
        swap(&writer, &json)
        writer.object { writer in
            swap(&writer, &json)
            body(&self)
            swap(&writer, &json)
        }
        swap(&writer, &json)
    }

    mutating func list<Element>(_ key: String, _ elements: [Element], _ body: (inout SampleData, Element) -> Void) {
        json.key(key)
        var writer = JSONWriter(reservingCapacity: 0)
        swap(&writer, &json)
        writer.array { writer in
            swap(&writer, &json)
            for element in elements { body(&self, element) }
            swap(&writer, &json)
        }
        swap(&writer, &json)
    }

    mutating func objects<Element>(_ key: String, _ elements: [Element], _ body: (inout SampleData, Element) -> Void) {
        list(key, elements) { data, element in data.object { body(&$0, element) } }
    }

    mutating func texts(_ key: String, _ values: [String]) { list(key, values) { $0.json.string($1) } }

    mutating func tags(_ key: String, _ values: [String], as kind: String) {
        list(key, values) { data, value in
            data.json.string(value)
            data.found(kind, value)
        }
    }

    mutating func agencies(_ key: String, _ values: [SampleAgency]) { texts(key, values.map(\.rawValue)) }

    // MARK: What many say

    /// The unit that acts, and the item by which it may.
    mutating func acting(_ desk: SampleAgency.Desk, _ item: SampleItem? = nil) {
        text("unit", agency.unit(desk, at: port))
        if let item { self.item(item) }
    }

    mutating func item(_ item: SampleItem) { text("powerItem", item.code(of: agency)) }

    mutating func officers(_ officers: [SampleOfficer]) {
        objects("officers", officers) { $0.write($1) }
    }

    mutating func write(_ officer: SampleOfficer) {
        text("id", officer.id)
        text("agency", officer.agency.rawValue)
        text("name", officer.name)
        text("unit", officer.unit)
    }
}
