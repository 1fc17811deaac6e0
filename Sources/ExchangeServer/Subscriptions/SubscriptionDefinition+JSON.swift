internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import JSON

extension SubscriptionDefinition {
    /// Where a request says that a subscription begins.
    enum Start: Sendable, Hashable {
        case position(Position)
        case now
    }

    /// Reads the definition that a request hands in.
    ///
    /// - Parameters:
    ///   - caller: Whose role, purpose and case it reads with.
    ///   - parameters: Where who comes by a certificate says them.
    /// - Returns: The definition, beginning at 0, and where it says that it begins, if it does.
    static func read(
        _ body: [UInt8], _ caller: Caller, _ parameters: inout RequestParameters
    ) throws(Problem) -> (SubscriptionDefinition, Start?) {
        let reader = try caller.reader(&parameters)
        guard let root = try? JSONDocument(parsing: body).root, root.kind == .object else {
            throw Self.malformed("It is a JSON object; “{}” is one that delivers every event.")
        }
        for (name, _) in root.members where !names.contains(name) {
            throw malformed("There is no member “\(name.prefix(64))”; there are \(names.joined(separator: ", ")).")
        }
        func number(_ name: String, _ range: ClosedRange<Int>, _ standard: Int) throws(Problem) -> Int {
            guard let value = root[name] else { return standard }
            guard let number = value.integer.map({ Int($0) }), range.contains(number) else {
                throw malformed("“\(name)” is a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
        let standard = DeliveryTerms()
        let definition = SubscriptionDefinition(
            query: try query(root), from: 0, isFromNow: false, key: try key(root),
            redeliverAfter: try number("redeliverAfter", redeliverAfterRange, 30),
            maximumDeliveries: try number("maximumDeliveries", maximumDeliveriesRange, standard.maximumDeliveries),
            maximumInFlight: try number("maximumInFlight", maximumInFlightRange, standard.maximumInFlight),
            window: try number("window", windowRange, standard.window), upcasts: try flag(root, "upcast"),
            role: reader.role, purpose: reader.purpose, caseName: reader.caseName)
        return (definition, try start(root))
    }

    private static let names = [
        "query", "type", "tag", "from", "key", "redeliverAfter", "maximumDeliveries", "maximumInFlight", "window",
        "upcast",
    ]

    static func malformed(_ detail: String) -> Problem {
        Problem(400, "malformedBody", "The body is malformed", detail)
    }

    private static func flag(_ root: JSONValue, _ name: String) throws(Problem) -> Bool {
        guard let value = root[name] else { return false }
        guard let flag = value.bool else { throw malformed("“\(name)” is true or false.") }
        return flag
    }

    private static func start(_ root: JSONValue) throws(Problem) -> Start? {
        guard let value = root["from"] else { return nil }
        if value.string == "now" { return .now }
        guard let position = value.integer.flatMap({ Position(exactly: $0) }) else {
            throw malformed("“from” is a position, or \"now\".")
        }
        return .position(position)
    }

    private static func key(_ root: JSONValue) throws(Problem) -> String? {
        guard let value = root["key"] else { return nil }
        guard let key = value.string, !key.contains(":"), (try? Tag(kind: key, value: "x")) != nil else {
            throw malformed("“key” is a kind of tag, like \"declaration\".")
        }
        return key
    }

    private static func query(_ root: JSONValue) throws(Problem) -> Query {
        guard root["query"] == nil || (root["type"] == nil && root["tag"] == nil) else {
            throw malformed("Give “query”, or “type” and “tag”.")
        }
        func texts(_ name: String) throws(Problem) -> [String] {
            guard let value = root[name] else { return [] }
            let texts = value.elements.compactMap(\.string)
            guard value.kind == .array, texts.count == value.elements.count else {
                throw malformed("“\(name)” is an array of texts.")
            }
            return texts
        }
        let (types, tags) = (try texts("type"), try texts("tag"))
        do throws(LogError) {
            var query = Query(types: types, tags: try tags.map { text throws(LogError) in try Tag(text) })
            if let value = root["query"] {
                guard let text = value.string else {
                    throw LogError(.invalidQuery, "“query” is a text, like \"type=sanhu.hold.placed\".")
                }
                query = try QueryText.query(text)
            }
            try query.validate()
            return query
        } catch {
            throw Problem(error)
        }
    }

    // MARK: Told, and kept

    /// Writes its members into an object that is open, as they are told.
    func write(to json: inout JSONWriter) {
        json.member("query", query.description)
        json.member("from", Int64(clamping: from))
        if let key { json.member("key", key) }
        json.member("redeliverAfter", Int64(redeliverAfter))
        json.member("maximumDeliveries", Int64(maximumDeliveries))
        json.member("maximumInFlight", Int64(maximumInFlight))
        json.member("window", Int64(window))
        json.key("upcast")
        json.bool(upcasts)
        if let role { json.member("role", role) }
        if let purpose { json.member("purpose", purpose) }
        if let caseName { json.member("case", caseName) }
    }

    /// As it is kept.
    var stored: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            write(to: &json)
            json.key("fromNow")
            json.bool(isFromNow)
            // A query as text cannot hold every tag.
            json.key("items")
            json.array { json in
                for item in query.items {
                    json.object { json in
                        json.key("types")
                        json.array { json in for type in item.types { json.string(type) } }
                        json.key("tags")
                        json.array { json in for tag in item.tags { json.string(tag.text) } }
                    }
                }
            }
        }
        return json.bytes
    }

    /// Reads one that was kept; nil if the bytes are none.
    init?(stored bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root, let items = root["items"],
            let from = root["from"]?.integer.flatMap({ Position(exactly: $0) }),
            let isFromNow = root["fromNow"]?.bool, let upcasts = root["upcast"]?.bool
        else { return nil }
        func number(_ name: String, _ range: ClosedRange<Int>) -> Int? {
            root[name]?.integer.map { Int($0) }.flatMap { range.contains($0) ? $0 : nil }
        }
        guard let redeliverAfter = number("redeliverAfter", Self.redeliverAfterRange),
            let maximumDeliveries = number("maximumDeliveries", Self.maximumDeliveriesRange),
            let maximumInFlight = number("maximumInFlight", Self.maximumInFlightRange),
            let window = number("window", Self.windowRange)
        else { return nil }
        var query = Query.all
        for item in items.elements {
            let tags = (item["tags"]?.elements ?? []).compactMap { $0.string.flatMap { try? Tag($0) } }
            let types = (item["types"]?.elements ?? []).compactMap(\.string)
            guard tags.count == item["tags"]?.elements.count, types.count == item["types"]?.elements.count else {
                return nil
            }
            query.items.append(Query.Item(types: types, tags: tags))
        }
        self.init(
            query: query, from: from, isFromNow: isFromNow, key: root["key"]?.string, redeliverAfter: redeliverAfter,
            maximumDeliveries: maximumDeliveries, maximumInFlight: maximumInFlight, window: window, upcasts: upcasts,
            role: root["role"]?.string, purpose: root["purpose"]?.string, caseName: root["case"]?.string)
    }
}
