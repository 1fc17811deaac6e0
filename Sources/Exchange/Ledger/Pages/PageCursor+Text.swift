internal import EventLog
internal import JSON
internal import Transparency

/// As text, for a client to keep and hand back: base64url of compact JSON, of which nothing is promised.
extension PageCursor {
    /// The most bytes of its text.
    public static let maximumTextBytes = 32_768

    /// - Complexity: O(*n* log *n*) in the number of grants and rules that were relied on.
    public var text: String {
        var json = JSONWriter()
        json.object { json in
            json.member("v", Self.version)
            json.member("from", Int64(clamping: from))
            if let to { json.member("to", Int64(clamping: to)) }
            json.member("read", Base64.encode(read, .url))
            json.member("began", began.description)
            json.key("grants")
            json.array { json in for grant in relied.grants.sorted() { json.integer(Int64(clamping: grant)) } }
            json.key("rules")
            json.array { json in for rule in relied.rules.sorted() { json.string(rule) } }
        }
        return Base64.encode(json.bytes, .url)
    }

    private static let version: Int64 = 1

    /// Reads a cursor from its text.
    ///
    /// - Throws: ``ExchangeError`` with code `.invalidCursor` if the text is none.
    public init(_ text: some StringProtocol) throws(ExchangeError) {
        guard text.utf8.count <= Self.maximumTextBytes, let bytes = Base64.decode(text, .url),
            let root = try? JSONDocument(parsing: bytes).root,
            Set(root.members.map(\.key)).isSubset(of: ["v", "from", "to", "read", "began", "grants", "rules"]),
            root["v"]?.integer == Self.version, let from = Self.position(root["from"]),
            let read = root["read"]?.string.flatMap({ Base64.decode($0, .url) }), read.count == Self.nameBytes,
            let began = root["began"]?.string.flatMap({ Timestamp($0) }), let grants = root["grants"],
            let rules = root["rules"]
        else { throw Self.invalid }
        let to = Self.position(root["to"])
        let relied = ReliedTerms(
            grants: Set(grants.elements.compactMap(Self.position)), rules: Set(rules.elements.compactMap(\.string)))
        guard (root["to"] == nil) == (to == nil), relied.grants.count == grants.elements.count,
            relied.rules.count == rules.elements.count, relied.grants.count + relied.rules.count <= ReliedTerms.maximum
        else { throw Self.invalid }
        self.init(from: from, to: to, read: read, began: began, relied: relied)
    }

    private static func position(_ value: JSONValue?) -> Position? {
        value?.integer.flatMap { Position(exactly: $0) }
    }

    private static var invalid: ExchangeError {
        ExchangeError(.invalidCursor, "This is no cursor that a page gave; begin without one.")
    }
}
