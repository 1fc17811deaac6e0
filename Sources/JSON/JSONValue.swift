/// One value of a document.
public struct JSONValue: Sendable {
    package let document: JSONDocument
    package let index: Int

    private var node: JSONTape.Node { document.tape.nodes[index] }

    /// What the value is.
    public var kind: JSONTape.Kind { node.kind }

    /// The text of a string, or nil.
    public var string: String? {
        kind == .string ? document.tape.decodedString(at: index, in: document.bytes.span) : nil
    }

    /// The value of a number that is written as an integer, or nil.
    public var integer: Int64? {
        kind == .integer ? Int64(String(decoding: text, as: UTF8.self)) : nil
    }

    /// The value of any number, or nil.
    public var double: Double? {
        switch kind {
        case .integer, .number: Double(String(decoding: text, as: UTF8.self))
        default: nil
        }
    }

    /// The value of `true` or `false`, or nil.
    public var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// The value as it stands in the text; a string with its quotes.
    public var text: ArraySlice<UInt8> {
        let quote = kind == .string ? 1 : 0
        return document.bytes[Int(node.offset) - quote..<Int(node.offset + node.length) + quote]
    }

    /// The members of an object in the order of the text; empty for anything else.
    public var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        var result: [(key: String, value: JSONValue)] = []
        var at = index + 1
        while at < Int(node.end) {
            let value = JSONValue(document: document, index: at + 1)
            result.append((document.tape.decodedString(at: at, in: document.bytes.span), value))
            at = Int(document.tape.nodes[at + 1].end)
        }
        return result
    }

    /// The elements of an array; empty for anything else.
    public var elements: [JSONValue] {
        guard kind == .array else { return [] }
        var result: [JSONValue] = []
        var at = index + 1
        while at < Int(node.end) {
            result.append(JSONValue(document: document, index: at))
            at = Int(document.tape.nodes[at].end)
        }
        return result
    }

    /// The value of an object's member, or nil if it is no object or has no such member.
    ///
    /// - Complexity: O(*m*) in the number of members.
    public subscript(key: String) -> JSONValue? {
        guard kind == .object else { return nil }
        return document.tape.member(key.utf8Span.span, ofObjectAt: index, in: document.bytes.span).map {
            JSONValue(document: document, index: $0)
        }
    }

    /// The value a pointer leads to from this one, or nil.
    public func value(at pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            switch value.kind {
            case .object:
                guard let next = value[token] else { return nil }
                value = next
            case .array:
                let elements = value.elements
                guard let index = JSONPointer.arrayIndex(token), index < elements.count else { return nil }
                value = elements[index]
            default:
                return nil
            }
        }
        return value
    }
}
