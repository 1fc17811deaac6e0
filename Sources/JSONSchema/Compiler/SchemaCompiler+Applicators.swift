import JSON

/// The keywords that apply other schemas to the same value.
extension SchemaCompiler {
    mutating func references(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        if let reference = try keywords.uri("$ref") {
            result.append(.reference(try schema(target(of: reference, keywords, "$ref"))))
        }
        if let reference = try keywords.uri("$dynamicRef") {
            let target = try target(of: reference, keywords, "$dynamicRef")
            let fallback = try schema(target)
            // Only a reference to a dynamic anchor is dynamic (Core, section 8.2.3.2).
            let name = reference.decodedFragment ?? ""
            if registry.resources[target.resource].dynamicAnchors[name]?.key == target.key {
                result.append(.dynamicReference(anchor: dynamicAnchor(name), fallback: fallback))
            } else {
                result.append(.reference(fallback))
            }
        }
        return result
    }

    private func target(
        of reference: URIReference, _ keywords: KeywordReader, _ keyword: String
    ) throws(SchemaError) -> SchemaPlace {
        do throws(SchemaError) {
            return try registry.target(of: reference.description, from: keywords.place)
        } catch {
            throw SchemaError(error.code, at: keywords.location(keyword), error.reason, remedy: error.remedy)
        }
    }

    mutating func applicators(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        let all = try list(keywords, "allOf")
        if !all.isEmpty { result.append(.allOf(first: all.lowerBound, count: all.count)) }
        let any = try list(keywords, "anyOf")
        if !any.isEmpty { result.append(.anyOf(first: any.lowerBound, count: any.count)) }
        let one = try list(keywords, "oneOf")
        if !one.isEmpty { result.append(.oneOf(first: one.lowerBound, count: one.count)) }
        if keywords["not"] != nil { result.append(.not(try schema(keywords, "not"))) }
        if keywords["if"] != nil {
            let test = try schema(keywords, "if")
            let then = try schema(keywords, "then")
            result.append(.condition(test: test, then: then, otherwise: try schema(keywords, "else")))
        }
        return result
    }

    mutating func dependencies(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        for (trigger, names) in try keywords.members("dependentRequired") {
            let trigger = program.keys.add(Array(trigger.utf8))
            for name in try keywords.names(names, "dependentRequired") {
                result.append(.dependentRequired(trigger: trigger, key: program.keys.add(Array(name.utf8))))
            }
        }
        return result
    }

    mutating func dependentSchemas(_ keywords: KeywordReader) throws(SchemaError) -> [Instruction] {
        var result: [Instruction] = []
        for (trigger, _) in try keywords.members("dependentSchemas") {
            let schema = try schema(below: keywords.place, "dependentSchemas", trigger)
            result.append(.dependentSchema(trigger: program.keys.add(Array(trigger.utf8)), schema: schema))
        }
        return result
    }

    /// Refuses a schema that applies itself to the same value again, however far round: it would never end.
    ///
    /// References whose target depends on where they are reached from are left out; the limit on depth ends those.
    func refuseEndlessRecursion() throws(SchemaError) {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: inPlace.count)
        for start in inPlace.indices where marks[start] == .new {
            var path = [(schema: start, next: 0)]
            marks[start] = .open
            while let (schema, next) = path.last {
                guard next < inPlace[schema].count else {
                    marks[schema] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let target = inPlace[schema][next]
                switch marks[target] {
                case .done: break
                case .new:
                    marks[target] = .open
                    path.append((target, 0))
                case .open:
                    throw SchemaError(
                        .endlessRecursion, at: program.places[schema].location,
                        "The schema at \(program.places[target].location) applies itself to the same value again.",
                        remedy: "Let a schema refer to itself only for properties or items.")
                }
            }
        }
    }
}

extension Instruction {
    /// Whether it applies schemas to the same value, and so may evaluate members and elements.
    var isApplicator: Bool {
        switch self {
        case .dependentSchema, .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .condition: true
        default: false
        }
    }

    /// The schemas it applies to the same value, as far as they are known before validation.
    func appliedInPlace(_ lists: [Int]) -> [Int] {
        switch self {
        case .dependentSchema(_, let schema), .reference(let schema), .not(let schema): [schema]
        case .allOf(let first, let count), .anyOf(let first, let count), .oneOf(let first, let count):
            Array(lists[first..<first + count])
        case .condition(let test, let then, let otherwise): [test, then, otherwise].filter { $0 >= 0 }
        default: []
        }
    }
}
