import JSON

/// The keywords of objects and arrays.
extension SchemaCompiler {
    /// Compiles what is tested in one pass over the members.
    ///
    /// - Parameter mayEvaluate: Whether other keywords of the schema can evaluate members. If not, what is unevaluated is
    ///   what is additional.
    /// - Returns: Tests of required properties beyond those that have bits.
    mutating func compileObject(
        _ keywords: KeywordReader, _ known: Vocabularies, _ mayEvaluate: Bool, _ schema: inout Subschema
    ) throws(SchemaError) -> [Instruction] {
        var plan = ObjectPlan()
        // By bytes: strings that Unicode calls equivalent are different names.
        var properties: [[UInt8]: ObjectPlan.Property] = [:]
        var names: [[UInt8]] = []
        func change(_ name: String, _ change: (inout ObjectPlan.Property) -> Void) {
            let name = Array(name.utf8)
            if properties[name] == nil { names.append(name) }
            change(&properties[name, default: ObjectPlan.Property()])
        }
        var further: [Instruction] = []
        if known.contains(.applicator) {
            for (name, _) in try keywords.members("properties") {
                let index = try self.schema(below: keywords.place, "properties", name)
                change(name) { $0.schema = Int32(index) }
            }
            let first = program.patternProperties.count
            for (text, _) in try keywords.members("patternProperties") {
                let pattern = ObjectPlan.Pattern(
                    pattern: try self.pattern(text, keywords, "patternProperties"),
                    schema: try self.schema(below: keywords.place, "patternProperties", text))
                program.patternProperties.append(pattern)
            }
            plan.patterns = first..<program.patternProperties.count
            plan.additional = try self.schema(keywords, "additionalProperties")
            plan.names = try self.schema(keywords, "propertyNames")
        }
        if known.contains(.unevaluated) {
            let unevaluated = try self.schema(keywords, "unevaluatedProperties")
            if mayEvaluate {
                schema.unevaluatedProperties = Int32(unevaluated)
            } else if plan.additional < 0 {
                plan.additional = unevaluated
            }
        }
        if known.contains(.validation) {
            for (ordinal, name) in (try keywords.names("required") ?? []).enumerated() {
                guard ordinal < ObjectPlan.requiredBits else {
                    further.append(.required(key: program.keys.add(Array(name.utf8))))
                    continue
                }
                plan.required |= 1 << UInt64(ordinal)
                change(name) { $0.required = 1 << UInt64(ordinal) }
            }
            plan.minimum = try keywords.count("minProperties") ?? 0
            plan.maximum = try keywords.count("maxProperties") ?? .max
        }
        plan.hasMembers =
            !names.isEmpty || !plan.patterns.isEmpty || plan.additional >= 0 || plan.names >= 0
        guard plan.hasMembers || plan.minimum > 0 || plan.maximum < .max else { return further }
        plan.table = program.keys.addTable(names)
        plan.properties = program.properties.count
        program.properties += names.map { properties[$0] ?? ObjectPlan.Property() }
        schema.object = Int32(program.objects.count)
        program.objects.append(plan)
        return further
    }

    mutating func compileArray(
        _ keywords: KeywordReader, _ known: Vocabularies, _ mayEvaluate: Bool, _ schema: inout Subschema
    ) throws(SchemaError) {
        var plan = ArrayPlan()
        if known.contains(.applicator) {
            plan.prefix = try list(keywords, "prefixItems")
            plan.items = try self.schema(keywords, "items")
            plan.contains = try self.schema(keywords, "contains")
        }
        if known.contains(.unevaluated) {
            let unevaluated = try self.schema(keywords, "unevaluatedItems")
            if mayEvaluate || plan.contains >= 0 {
                schema.unevaluatedItems = Int32(unevaluated)
            } else if plan.items < 0 {
                plan.items = unevaluated
            }
        }
        if known.contains(.validation) {
            plan.minimumContained = try keywords.count("minContains") ?? 1
            plan.maximumContained = try keywords.count("maxContains") ?? .max
            plan.isUnique = try keywords.bool("uniqueItems") ?? false
            plan.minimum = try keywords.count("minItems") ?? 0
            plan.maximum = try keywords.count("maxItems") ?? .max
        }
        let hasSchemas = !plan.prefix.isEmpty || plan.items >= 0 || plan.contains >= 0
        guard hasSchemas || plan.isUnique || plan.minimum > 0 || plan.maximum < .max else { return }
        schema.array = Int32(program.arrays.count)
        program.arrays.append(plan)
    }

    /// Compiles a list of schemas.
    mutating func list(_ keywords: KeywordReader, _ keyword: String) throws(SchemaError) -> Range<Int> {
        var schemas: [Int] = []
        for ordinal in try keywords.elements(keyword).indices {
            schemas.append(try schema(below: keywords.place, keyword, String(ordinal)))
        }
        program.lists += schemas
        return program.lists.count - schemas.count..<program.lists.count
    }
}
