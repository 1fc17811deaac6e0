internal import EventLog
public import JSON

extension AccessRecord {
    /// Writes the record as a CloudEvent.
    ///
    /// - Parameters:
    ///   - id: Unique with the source, for ever.
    ///   - source: Who writes access records.
    /// - Returns: The event as compact JSON, of less than 65,000 bytes if its pointers have at most 512 bytes each and
    ///   nothing in it must be escaped.
    public func event(id: String, source: String) -> [UInt8] {
        var json = JSONWriter(reservingCapacity: 512)
        json.object { json in
            json.member("specversion", "1.0")
            json.member("id", id)
            json.member("source", source)
            json.member("type", Self.eventType)
            json.member("time", to.description)
            json.member("datacontenttype", "application/json")
            json.key("data")
            write(to: &json)
        }
        return json.bytes
    }

    /// Writes what it says, as it stands in the event's `data`.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.key("reader")
            json.object { json in
                json.member("kind", reader.kind.rawValue)
                if let agency = reader.agency { json.member("agency", agency) }
                if let role = reader.role { json.member("role", role) }
            }
            if let purpose { json.member("purpose", purpose) }
            if let caseName { json.member("case", caseName) }
            json.key("basis")
            json.object(basis.write)
            if let owner { json.member("owner", owner) }
            if isSecret {
                json.key("secret")
                json.bool(true)
            }
            json.member("from", from.description)
            json.member("to", to.description)
            switch extent {
            case .accessRecords(let range):
                json.key("accessRecords")
                Self.write(range, to: &json)
            case .fields(let fields, let ranges):
                json.key("fields")
                json.array { json in
                    for field in fields {
                        json.object { json in
                            json.member("type", field.type)
                            json.member("pointer", field.pointer)
                        }
                    }
                }
                json.key("positions")
                json.array { json in for range in ranges { Self.write(range, to: &json) } }
            }
        }
    }

    private static func write(_ range: ClosedRange<Position>, to json: inout JSONWriter) {
        json.array { json in
            json.integer(Int64(clamping: range.lowerBound))
            json.integer(Int64(clamping: range.upperBound))
        }
    }

    /// Reads a record from the `data` of its event, as strictly as it is written: what is written and read again is the
    /// same, and what is read and written again too.
    ///
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of what is wrong.
    /// - Complexity: O(*n* log *n*) in the size of the data.
    public init(data: JSONValue) throws(ExchangeError) {
        let data = try EventDataReader(
            data,
            keys: [
                "reader", "purpose", "case", "basis", "owner", "secret", "from", "to", "fields", "positions",
                "accessRecords",
            ])
        let reader = try data.required("reader", data.object("reader", keys: ["kind", "agency", "role"]))
        let from = try data.required("from", data.time("from"))
        let to = try data.required("to", data.time("to"))
        let isSecret = try data.bool("secret") ?? false
        guard isSecret || !data.has("secret") else {
            throw data.fault("What is not secret does not say so.", at: "secret")
        }
        guard from <= to else { throw data.fault("This must not be before “from”.", at: "to") }
        self.init(
            reader: Accessor(
                try reader.required("kind", reader.word("kind", ReaderKind.self)),
                agency: try reader.text("agency", atMost: Self.maximumTextBytes),
                role: try reader.text("role", atMost: Self.maximumTextBytes)),
            purpose: try data.text("purpose", atMost: Self.maximumTextBytes),
            caseName: try data.text("case", atMost: Self.maximumTextBytes), basis: try Basis(data),
            owner: try data.text("owner", atMost: Self.maximumTextBytes), isSecret: isSecret,
            extent: try Self.extent(data), from: from, to: to)
    }

    private static func extent(_ data: EventDataReader) throws(ExchangeError) -> Extent {
        if data.has("accessRecords") {
            guard !data.has("fields"), !data.has("positions") else {
                throw data.fault("A record tells of fields or of access records, not of both.", at: "accessRecords")
            }
            return .accessRecords(try data.required("accessRecords", data.range("accessRecords")))
        }
        let keys: Set<String> = ["type", "pointer"]
        let objects = try data.required("fields", data.objects("fields", atMost: maximumFields, keys: keys))
        var fields: [AccessedField] = []
        for object in objects {
            fields.append(
                AccessedField(
                    type: try object.required("type", object.code("type")),
                    pointer: try object.required("pointer", object.pointer("pointer"))))
        }
        guard zip(fields, fields.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw data.fault("The fields must be sorted, by type and pointer, without repetitions.", at: "fields")
        }
        let ranges = try data.required("positions", data.ranges("positions", atMost: maximumRanges))
        guard ranges == PositionRanges(ranges).ranges else {
            throw data.fault("The ranges must be sorted and apart from one another.", at: "positions")
        }
        return .fields(fields, at: ranges)
    }
}

extension AccessRecord.Basis {
    fileprivate func write(to json: inout JSONWriter) {
        switch self {
        case .denied: json.member("kind", Kind.denied.rawValue)
        case .disclosed(.owner): json.member("kind", Kind.owner.rawValue)
        case .disclosed(.sender): json.member("kind", Kind.sender.rawValue)
        case .disclosed(.sharingClass): json.member("kind", Kind.class.rawValue)
        case .disclosed(.rule(let id)):
            json.member("kind", Kind.rule.rawValue)
            json.member("rule", id)
        case .disclosed(.grant(let position)):
            json.member("kind", Kind.grant.rawValue)
            json.member("grant", Int64(clamping: position))
        }
    }

    private enum Kind: String, CaseIterable {
        case owner, sender, `class`, rule, grant, denied
    }

    fileprivate init(_ data: EventDataReader) throws(ExchangeError) {
        let basis = try data.required("basis", data.object("basis", keys: ["kind", "rule", "grant"]))
        let kind = try basis.required("kind", basis.word("kind", Kind.self))
        for (key, wanted) in [("rule", Kind.rule), ("grant", Kind.grant)] where basis.has(key) && kind != wanted {
            throw basis.fault("Only a basis of this kind has it.", at: key)
        }
        switch kind {
        case .owner: self = .disclosed(.owner)
        case .sender: self = .disclosed(.sender)
        case .class: self = .disclosed(.sharingClass)
        case .rule:
            self = .disclosed(
                .rule(try basis.required("rule", basis.text("rule", atMost: AccessRecord.maximumTextBytes))))
        case .grant: self = .disclosed(.grant(try basis.required("grant", basis.position("grant"))))
        case .denied: self = .denied
        }
    }
}
