import JSON

/// What a change ends, and for an agency, into which other one it merges.
struct CharterEnding: Sendable, Hashable {
    let kind: CharterKind
    let name: CharterPartName
    let into: String?

    init(_ kind: CharterKind, _ value: JSONValue, at pointer: String) throws(ExchangeError) {
        func name(_ member: String, _ form: NameForm) throws(ExchangeError) -> CharterPartName {
            CharterPartName(try CharterObject(value, at: pointer, [member]).text(member, form))
        }
        self.kind = kind
        switch kind {
        case .amendment, .deadlines:
            throw CharterObject.malformed(pointer, "cannot end: put another in its place")
        case .agency:
            let object = try CharterObject(value, at: pointer, ["code", "into"])
            self.name = CharterPartName(try object.text("code", .code))
            into = try object.optionalText("into", .code)
            return
        case .officer:
            let object = try CharterObject(value, at: pointer, ["agency", "id"])
            self.name = CharterPartName(try object.text("agency", .code), try object.text("id", .code))
        case .key, .power, .rule: self.name = try name("id", .code)
        case .source: self.name = try name("prefix", .source)
        case .schema: self.name = try name("uri", .uri)
        case .purpose: self.name = try name("code", .code)
        case .personalTag: self.name = try name("kind", .tagKind)
        }
        into = nil
    }
}
