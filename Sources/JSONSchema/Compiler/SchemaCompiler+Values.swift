import JSON

/// The keywords that test single values: types, numbers, strings, constants.
extension SchemaCompiler {
    mutating func compileTypes(_ keywords: KeywordReader, _ schema: inout Subschema) throws(SchemaError) {
        guard let value = keywords["type"] else { return }
        let names = if let name = value.string { [name] } else { try keywords.names(value, "type") }
        guard !names.isEmpty else { throw keywords.malformed("type", Self.typeForm) }
        schema.types = 0
        for name in names {
            switch name {
            case "null": schema.types |= Subschema.bit(.null)
            case "boolean": schema.types |= Subschema.bit(.true) | Subschema.bit(.false)
            case "integer":
                schema.types |= Subschema.bit(.integer)
                schema.takesIntegralNumbers = true
            case "number": schema.types |= Subschema.bit(.integer) | Subschema.bit(.number)
            case "string": schema.types |= Subschema.bit(.string)
            case "array": schema.types |= Subschema.bit(.array)
            case "object": schema.types |= Subschema.bit(.object)
            default: throw keywords.malformed("type", Self.typeForm)
            }
        }
    }

    private static let typeForm =
        "one or several of null, boolean, integer, number, string, array and object, each once"

    func numbers(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        if let bound = try keywords.number("minimum") { result.append(.minimum(bound)) }
        if let bound = try keywords.number("maximum") { result.append(.maximum(bound)) }
        if let bound = try keywords.number("exclusiveMinimum") { result.append(.exclusiveMinimum(bound)) }
        if let bound = try keywords.number("exclusiveMaximum") { result.append(.exclusiveMaximum(bound)) }
        if try keywords.number("multipleOf") != nil, let text = keywords["multipleOf"]?.text {
            guard let divisor = DecimalDivisor(Array(text).span) else {
                throw keywords.malformed(
                    "multipleOf", "a number above 0 of at most \(DecimalDivisor.maximumDigits) digits")
            }
            result.append(.multipleOf(divisor))
        }
        return result
    }

    mutating func strings(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        if let count = try keywords.count("minLength"), count > 0 { result.append(.minLength(count)) }
        if let count = try keywords.count("maxLength") { result.append(.maxLength(count)) }
        if let text = try keywords.string("pattern") { result.append(.pattern(try pattern(text, keywords, "pattern"))) }
        return result
    }

    func format(_ keywords: KeywordReader, _ known: Vocabularies) throws(SchemaError) -> [Instruction] {
        guard let name = try keywords.string("format") else { return [] }
        let isAssertion = known.contains(.formatAssertion)
        guard isAssertion || registry.options.assertsFormats && known.contains(.formatAnnotation) else { return [] }
        if let format = Format(rawValue: name) { return [.format(format)] }
        guard !isAssertion, !registry.options.refusesUnknownFormats else {
            let names = Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw SchemaError(
                .unknownFormat, at: keywords.location("format"), "The format “\(name.prefix(80))” is not known.",
                remedy: "The formats are \(names).")
        }
        return []
    }

    mutating func values(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        if let value = keywords["const"] { result.append(.constant(constants.add(value))) }
        if keywords["enum"] != nil {
            let elements = try keywords.elements("enum")
            let strings = elements.compactMap(\.string).map { Array($0.utf8) }
            if strings.count == elements.count, Set(strings).count == strings.count {
                result.append(.strings(program.keys.addTable(strings)))
            } else {
                let first = constants.count
                for element in elements { _ = constants.add(element) }
                result.append(.enumeration(first: first, count: elements.count))
            }
        }
        return result
    }
}
