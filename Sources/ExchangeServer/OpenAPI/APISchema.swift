/// A schema of the OpenAPI document: JSON Schema 2020-12, as JSON.
struct APISchema: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let json: String

    init(_ json: String) { self.json = json }

    init(stringLiteral value: String) { json = value }

    /// A text of some length in characters.
    static func text(_ length: ClosedRange<Int>, pattern: String? = nil) -> APISchema {
        let pattern = pattern.map { ",\"pattern\":" + APIVocabulary.text($0) } ?? ""
        return APISchema(
            #"{"type":"string","minLength":\#(length.lowerBound),"maxLength":\#(length.upperBound)\#(pattern)}"#)
    }

    /// A whole number.
    static func number(_ range: ClosedRange<Int64>) -> APISchema {
        APISchema(#"{"type":"integer","minimum":\#(range.lowerBound),"maximum":\#(range.upperBound)}"#)
    }

    /// One of some words.
    static func words(_ words: [String]) -> APISchema {
        APISchema(#"{"type":"string","enum":[\#(words.map { "\"\($0)\"" }.joined(separator: ","))]}"#)
    }

    /// - Parameter isSet: Whether nothing may be there twice.
    static func list(
        _ element: APISchema, atMost count: Int, atLeast least: Int = 0, isSet: Bool = true
    ) -> APISchema {
        APISchema(
            #"{"type":"array","minItems":\#(least),"maxItems":\#(count),"uniqueItems":\#(isSet),"items":\#(element.json)}"#
        )
    }

    /// An object of these members; `open` if it may have others.
    static func object(
        _ members: [(name: String, schema: APISchema)], required: [String] = [], open: Bool = false
    ) -> APISchema {
        let properties = members.map { "\"\($0.name)\":\($0.schema.json)" }.joined(separator: ",")
        let required = required.map { "\"\($0)\"" }.joined(separator: ",")
        return APISchema(
            #"{"type":"object","properties":{\#(properties)},"required":[\#(required)],"additionalProperties":\#(open)}"#
        )
    }

    /// One of the components of the document.
    static func named(_ name: String) -> APISchema { APISchema(##"{"$ref":"#/components/schemas/\##(name)"}"##) }

    // MARK: What is used in many places

    /// A position, or a number of entries.
    static let position = number(0...Int64(RequestParameters.maximumNumber))
    static let flag = words(["true", "false", ""])
    /// RFC 3339, as `Timestamp` reads it.
    static let time = APISchema(
        #"{"type":"string","format":"date-time","maxLength":40}"#)
    static let day: APISchema = #"{"type":"string","format":"date","minLength":10,"maxLength":10}"#
    static let tag = text(3...255, pattern: "^[a-z][a-z0-9-]{0,31}:" + value)
    /// The value of a tag: no control characters.
    static let value = #"[^\u0000-\u001f\u007f-\u009f]+$"#
    static let code = text(1...128, pattern: "^[A-Za-z0-9._:/-]+$")
    /// A text that is looked for, or judged by what it is compared with.
    static let free: APISchema = #"{"type":"string"}"#
    static let anyText = text(0...RequestParameters.textLength)
    static let pointer = text(1...128, pattern: "^(/([^~/]|~[01])*)+$")
}
