import EventLog
import JSON

extension CharterValue {
    /// Reads a value of a kind, as it stands in a founding charter or in a change.
    init(_ kind: CharterKind, _ value: JSONValue, at pointer: String) throws(ExchangeError) {
        switch kind {
        case .amendment: self = .amendment(try AmendmentRule(value, at: pointer))
        case .agency: self = .agency(try Agency(value, at: pointer))
        case .officer: self = .officer(try Officer(value, at: pointer))
        case .key: self = .key(try AgencyKey(value, at: pointer))
        case .power: self = .power(try Power(value, at: pointer))
        case .source: self = .source(try SourceClaim(value, at: pointer))
        case .schema: self = .schema(try RegisteredSchema(value, at: pointer))
        case .rule: self = .rule(try SharingRule(value, at: pointer))
        case .purpose: self = .purpose(try Purpose(value, at: pointer))
        case .personalTag: self = .personalTag(try PersonalTagKind(value, at: pointer))
        case .deadlines: self = .deadlines(try DisclosureDeadlines(value, at: pointer))
        }
    }
}

extension AmendmentRule {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["threshold", "agencies"])
        agencies = try object.texts("agencies", .code, atMost: CharterLimits.amendingAgencies, atLeast: 1)
        threshold = try object.integer("threshold", in: 1...agencies.count)
    }
}

extension Agency {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["code", "title", "kind", "validity", "into"])
        code = try object.text("code", .code)
        title = try object.text("title", .title)
        kind = try object.word("kind", ReaderKind.self, of: [.authority, .participant, .auditor])
        validity = try object.validity()
        into = try object.optionalText("into", .code)
        if into != nil, validity.to == nil {
            throw CharterObject.malformed(object.path("into"), "needs an end of the agency: give validity.to")
        }
    }
}

extension Officer {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["agency", "id", "roles"])
        agency = try object.text("agency", .code)
        id = try object.text("id", .code)
        var roles: [Role] = []
        for (element, pointer) in try object.elements("roles", atMost: CharterLimits.rolesPerOfficer) {
            let role = try CharterObject(element, at: pointer, ["role", "validity"])
            roles.append(Role(role: try role.text("role", .code), validity: try role.validity()))
        }
        guard !roles.isEmpty else { throw CharterObject.malformed(object.path("roles"), "must name at least 1") }
        self.roles = roles
    }
}

extension AgencyKey {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["id", "agency", "public", "validity", "revoked"])
        id = try object.text("id", .code)
        agency = try object.text("agency", .code)
        publicKey = try object.bytes("public", count: 32)
        validity = try object.validity()
        revoked = try object.time("revoked")
    }
}

extension Power {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["id", "agency", "types", "ports", "validity"])
        id = try object.text("id", .code)
        agency = try object.text("agency", .code)
        types = try object.texts("types", .pattern, atMost: CharterLimits.typesPerPower, atLeast: 1)
        ports =
            object["ports"] == nil
            ? nil : try object.texts("ports", .code, atMost: CharterLimits.portsPerPower, atLeast: 1)
        validity = try object.validity()
    }
}

extension SourceClaim {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["prefix", "agency", "validity"])
        prefix = try object.text("prefix", .source)
        agency = try object.text("agency", .code)
        validity = try object.validity()
    }
}

extension RegisteredSchema {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["uri", "type", "document", "replaces", "validity"])
        uri = try object.text("uri", .uri)
        type = try object.text("type", .type)
        let document = try object.required("document")
        guard document.kind == .object else {
            throw CharterObject.malformed(object.path("document"), "must be a JSON Schema, an object")
        }
        self.document = Self.compact(document)
        guard self.document.count <= CharterLimits.schemaBytes else {
            throw ExchangeError(
                .limitExceeded,
                "The schema \(uri) has \(self.document.count) bytes, over the limit of \(CharterLimits.schemaBytes).",
                pointer: object.path("document"))
        }
        if let value = object["replaces"] {
            let old = try CharterObject(value, at: object.path("replaces"), ["uri", "upcaster"])
            replaces = Predecessor(uri: try old.text("uri", .uri), upcaster: try old.text("upcaster", .code))
        } else {
            replaces = nil
        }
        validity = try object.validity()
    }

    /// The text of a value without white space between its tokens.
    static func compact(_ value: JSONValue) -> [UInt8] {
        let text = Array(value.text)
        var compact: [UInt8] = []
        // What is part of a parsed text parses.
        guard let document = try? JSONDocument(parsing: text) else { return text }
        JSONCompaction.append(document.bytes, document.tape, to: &compact)
        return compact
    }
}

extension Purpose {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["code", "version", "title", "secret", "validity"])
        code = try object.text("code", .code)
        version = try object.integer("version", in: 1...1_000_000)
        title = try object.text("title", .title)
        isSecret = try object.bool("secret") ?? false
        validity = try object.validity()
    }
}

extension PersonalTagKind {
    init(_ value: JSONValue, at pointer: String) throws(ExchangeError) {
        let object = try CharterObject(value, at: pointer, ["kind", "validity"])
        kind = try object.text("kind", .tagKind)
        validity = try object.validity()
    }
}
