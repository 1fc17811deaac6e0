import JSON

/// Expectations as half sentences.
extension Expectation {
    /// The longest piece of a schema that is shown.
    private static let longestQuote = 120

    func text(_ program: Program, _ place: SchemaPlace) -> String {
        switch self {
        case .instruction(let instruction): return Self.text(instruction, program)
        case .types(let types, let takesIntegralNumbers): return Self.types(types, takesIntegralNumbers)
        case .nothing:
            switch place.pointer.tokens.last {
            case "additionalProperties", "unevaluatedProperties": return "no property of this name"
            case "items", "unevaluatedItems": return "no element at this place"
            default: return "nothing"
            }
        case .property(let key): return "the property “\(program.keys.text(key))”"
        case .minProperties(let count): return "at least \(Self.count(count, "property", "properties"))"
        case .maxProperties(let count): return "at most \(Self.count(count, "property", "properties"))"
        case .minItems(let count): return "at least \(Self.count(count, "element", "elements"))"
        case .maxItems(let count): return "at most \(Self.count(count, "element", "elements"))"
        case .contains: return "an element that satisfies the schema under “contains”"
        case .minContains(let count):
            return "at least \(Self.count(count, "element", "elements")) that satisfy the schema under “contains”"
        case .maxContains(let count):
            return "at most \(Self.count(count, "element", "elements")) that satisfy the schema under “contains”"
        case .uniqueItems: return "no two equal elements"
        }
    }

    private static func text(_ instruction: Instruction, _ program: Program) -> String {
        switch instruction {
        case .minimum(let bound): "a number of at least \(number(bound))"
        case .maximum(let bound): "a number of at most \(number(bound))"
        case .exclusiveMinimum(let bound): "a number above \(number(bound))"
        case .exclusiveMaximum(let bound): "a number below \(number(bound))"
        case .multipleOf(let divisor):
            "a multiple of \(divisor.mantissa)\(divisor.exponent == 0 ? "" : "e\(divisor.exponent)")"
        case .minLength(let count): "at least \(self.count(count, "character", "characters"))"
        case .maxLength(let count): "at most \(self.count(count, "character", "characters"))"
        case .pattern(let pattern): "a match of the pattern \(program.patterns[pattern].source.prefix(longestQuote))"
        case .format(let format): format.expectation
        case .dependentRequired(let trigger, let key):
            "the property “\(program.keys.text(key))” beside “\(program.keys.text(trigger))”"
        case .required(let key): "the property “\(program.keys.text(key))”"
        case .constant(let ordinal): constants(ordinal..<ordinal + 1, program)
        case .enumeration(let first, let count): "one of \(constants(first..<first + count, program))"
        case .strings(let table):
            "one of "
                + shortened(
                    (Int(table.keys)..<Int(table.keys + table.count)).lazy.map { "“\(program.keys.text($0))”" })
        case .anyOf(_, let count): "a value that satisfies at least one of \(count) schemas"
        case .oneOf(_, let count): "a value that satisfies exactly one of \(count) schemas"
        case .not: "a value that does not satisfy the schema under “not”"
        case .reference, .dynamicReference, .allOf, .condition, .dependentSchema: "a value that satisfies the schema"
        }
    }

    private static func types(_ types: UInt8, _ takesIntegralNumbers: Bool) -> String {
        let names: [(JSONTape.Kind, String)] = [
            (.null, "null"), (.true, "a boolean"), (.number, "a number"), (.string, "a string"), (.array, "an array"),
            (.object, "an object"),
        ]
        var parts = names.filter { types & Subschema.bit($0.0) != 0 }.map(\.1)
        if takesIntegralNumbers, types & Subschema.bit(.number) == 0 { parts.insert("an integer", at: 0) }
        return parts.joined(separator: " or ")
    }

    private static func constants(_ ordinals: Range<Int>, _ program: Program) -> String {
        shortened(
            ordinals.lazy.map { ordinal in
                let node = program.constants.nodes[program.constantNodes[ordinal]]
                let quote = node.kind == .string ? 1 : 0
                let text = program.constantBytes[Int(node.offset) - quote..<Int(node.offset + node.length) + quote]
                return String(String(decoding: text, as: UTF8.self).prefix(longestQuote))
            })
    }

    /// As many of some texts as may be shown.
    private static func shortened(_ texts: some Collection<String>) -> String {
        var result = ""
        for text in texts {
            guard result.count + text.count <= longestQuote || result.isEmpty else { return result + ", …" }
            result += (result.isEmpty ? "" : ", ") + text
        }
        return result.isEmpty ? "no value at all" : result
    }

    private static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    private static func number(_ value: Double) -> String { JSONCanonicalForm.number(value) }
}
