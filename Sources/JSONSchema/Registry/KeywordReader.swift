import JSON

/// Reads the keywords of one schema object, and says where and how one is malformed.
struct KeywordReader {
    let place: SchemaPlace
    private let values: [String: JSONValue]

    init(_ place: SchemaPlace) {
        self.place = place
        values = Dictionary(place.value.members.map { ($0.key, $0.value) }) { first, _ in first }
    }

    subscript(keyword: String) -> JSONValue? { values[keyword] }

    func location(_ keyword: String) -> String {
        place.location + JSONPointer(tokens: [keyword]).description
    }

    func malformed(_ keyword: String, _ form: String) -> SchemaError {
        SchemaError(
            .malformedKeyword, at: location(keyword), "The value of “\(keyword)” is malformed.",
            remedy: "It is \(form).")
    }

    static func notASchema(_ place: SchemaPlace) -> SchemaError {
        SchemaError(
            .malformedSchema, at: place.location, "This is not a schema.",
            remedy: "A schema is an object, true or false.")
    }

    /// The error for a pattern that is refused.
    func refusal(of pattern: String, _ keyword: String, _ error: PatternError) -> SchemaError {
        let (code, remedy): (SchemaError.Code, String) =
            switch error.code {
            case .malformed: (.malformedPattern, "Patterns are those of ECMA-262 with the flag u.")
            case .unsupported: (.unsupportedPattern, "Write the pattern without it.")
            case .tooLarge: (.patternTooLarge, "Write a shorter pattern, or limit the length by maxLength.")
            }
        return SchemaError(
            code, at: location(keyword), "The pattern “\(pattern.prefix(200))” has \(error).", remedy: remedy)
    }

    func string(_ keyword: String) throws(SchemaError) -> String? {
        guard let value = values[keyword] else { return nil }
        guard let string = value.string else { throw malformed(keyword, "a string") }
        return string
    }

    func uri(_ keyword: String) throws(SchemaError) -> URIReference? {
        guard let text = try string(keyword) else { return nil }
        guard URIFormat.accepts(text.utf8Span.span, needsScheme: false) else {
            throw SchemaError(
                .malformedURI, at: location(keyword), "“\(text.prefix(200))” is not a URI or a reference to one.",
                remedy: "Write it as RFC 3986 does.")
        }
        return URIReference(text)
    }

    func anchor(_ keyword: String) throws(SchemaError) -> String? {
        guard let name = try string(keyword) else { return nil }
        let isName = name.utf8.enumerated().allSatisfy { at, byte in
            ASCII.isLetter(byte) || byte == UInt8(ascii: "_")
                || at > 0 && (ASCII.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "."))
        }
        guard isName, !name.isEmpty else { throw malformed(keyword, "a letter or _, then letters, digits, -, _ and .") }
        return name
    }

    func bool(_ keyword: String) throws(SchemaError) -> Bool? {
        guard let value = values[keyword] else { return nil }
        guard let bool = value.bool else { throw malformed(keyword, "true or false") }
        return bool
    }

    func number(_ keyword: String) throws(SchemaError) -> Double? {
        guard let value = values[keyword] else { return nil }
        guard let number = value.double else { throw malformed(keyword, "a number") }
        return number
    }

    /// A number of characters, items or properties.
    func count(_ keyword: String) throws(SchemaError) -> Int? {
        guard let value = values[keyword] else { return nil }
        guard let number = value.double, number >= 0, NumberText.isIntegral(number) else {
            throw malformed(keyword, "an integer that is not negative")
        }
        return number < 0x1p53 ? Int(number) : Int.max
    }

    func elements(_ keyword: String) throws(SchemaError) -> [JSONValue] {
        guard let value = values[keyword] else { return [] }
        guard value.kind == .array else { throw malformed(keyword, "an array") }
        guard !SchemaKeywords.lists.contains(keyword) || !value.elements.isEmpty else {
            throw malformed(keyword, "an array with at least one schema")
        }
        return value.elements
    }

    func members(_ keyword: String) throws(SchemaError) -> [(key: String, value: JSONValue)] {
        guard let value = values[keyword] else { return [] }
        guard value.kind == .object else { throw malformed(keyword, "an object") }
        return value.members
    }

    /// A list of names, each once.
    func names(_ keyword: String) throws(SchemaError) -> [String]? {
        guard let value = values[keyword] else { return nil }
        return try names(value, keyword)
    }

    func names(_ value: JSONValue, _ keyword: String) throws(SchemaError) -> [String] {
        let names = value.elements.compactMap(\.string)
        let texts = Set(names.map { Array($0.utf8) })
        guard value.kind == .array, names.count == value.elements.count, texts.count == names.count else {
            throw malformed(keyword, "an array of strings, each once")
        }
        return names
    }
}
