import JSON

/// Compiles a schema, and every schema it refers to, into one program.
struct SchemaCompiler {
    let registry: SchemaRegistry
    var program = Program()
    /// The index of each schema that has been asked for.
    private var indices: [SchemaPlace.Key: Int] = [:]
    /// Schemas that have an index but are not compiled yet.
    private var pending: [Int] = []
    /// For each schema, those it applies to the same value.
    var inPlace: [[Int]] = []
    private var patternIndices: [[UInt8]: Int] = [:]
    private var vocabularies: [Int: Vocabularies] = [:]
    var constants = ConstantPool()
    /// The names that are referred to dynamically, in the order of their tables.
    private var dynamicNames: [String] = []

    init(registry: SchemaRegistry) {
        self.registry = registry
    }

    mutating func compile(_ root: SchemaPlace) throws(SchemaError) -> Program {
        program.subschemas.append(Subschema())
        program.places.append(root)
        inPlace.append([])
        program.root = try schema(root)
        repeat {
            while let index = pending.popLast() { try compileBody(index) }
            try addDynamicAnchors()
        } while !pending.isEmpty
        try refuseEndlessRecursion()
        constants.finish(&program)
        return program
    }

    /// The index of the schema at a place; it is compiled later.
    mutating func schema(_ place: SchemaPlace) throws(SchemaError) -> Int {
        if place.value.bool == true { return Subschema.everything }
        if let known = indices[place.key] { return known }
        guard place.value.kind == .object || place.value.bool != nil else { throw KeywordReader.notASchema(place) }
        guard indices.count < registry.options.maximumSchemas else {
            throw SchemaError(
                .tooManySchemas, at: place.location,
                "The schema refers to more than \(registry.options.maximumSchemas) schemas.",
                remedy: "Divide it, or raise the limit.")
        }
        let index = program.subschemas.count
        indices[place.key] = index
        program.subschemas.append(Subschema())
        program.places.append(place)
        inPlace.append([])
        pending.append(index)
        return index
    }

    /// The index of a schema below another.
    mutating func schema(below place: SchemaPlace, _ tokens: String...) throws(SchemaError) -> Int {
        guard let below = registry.place(below: place, tokens) else { throw KeywordReader.notASchema(place) }
        return try schema(below)
    }

    /// The same, or -1 if the keyword is absent.
    mutating func schema(_ keywords: KeywordReader, _ keyword: String) throws(SchemaError) -> Int {
        keywords[keyword] == nil ? -1 : try schema(below: keywords.place, keyword)
    }

    /// The index of a pattern, which registration has parsed unless it stands where no schema was expected.
    mutating func pattern(_ text: String, _ keywords: KeywordReader, _ keyword: String) throws(SchemaError) -> Int {
        let key = Array(text.utf8)
        if let known = patternIndices[key] { return known }
        do throws(PatternError) {
            if let parsed = registry.pattern(text) {
                program.patterns.append(parsed)
            } else {
                program.patterns.append(try RegularExpression(text))
            }
        } catch {
            throw keywords.refusal(of: text, keyword, error)
        }
        patternIndices[key] = program.patterns.count - 1
        return program.patterns.count - 1
    }

    private mutating func vocabularies(of place: SchemaPlace) throws(SchemaError) -> Vocabularies {
        if let known = vocabularies[place.resource] { return known }
        let found = try registry.vocabularies(of: registry.resources[place.resource])
        vocabularies[place.resource] = found
        return found
    }

    /// Compiles one schema's keywords.
    private mutating func compileBody(_ index: Int) throws(SchemaError) {
        let place = program.places[index]
        var schema = Subschema()
        schema.resource = Int32(place.resource)
        let known = try vocabularies(of: place)
        guard place.value.kind == .object else {
            schema.isFalse = true
            schema.types = 0
            program.subschemas[index] = schema
            return
        }
        let keywords = KeywordReader(place)
        let has = (applicator: known.contains(.applicator), validation: known.contains(.validation))
        if has.validation { try compileTypes(keywords, &schema) }
        var numbers: [Instruction] = []
        var strings: [Instruction] = []
        var objects: [Instruction] = []
        var general: [Instruction] = []
        if has.validation {
            numbers = try self.numbers(keywords)
            strings = try self.strings(keywords)
            objects = try dependencies(keywords)
            general = try values(keywords)
        }
        strings += try format(keywords, known)
        if has.applicator { objects += try dependentSchemas(keywords) }
        general += try references(keywords)
        if has.applicator { general += try applicators(keywords) }
        let mayEvaluate = objects.contains(where: \.isApplicator) || general.contains(where: \.isApplicator)
        objects += try compileObject(keywords, known, mayEvaluate, &schema)
        try compileArray(keywords, known, mayEvaluate, &schema)

        schema.numbers = Int32(program.instructions.count)
        program.instructions += numbers
        schema.strings = Int32(program.instructions.count)
        program.instructions += strings
        schema.objects = Int32(program.instructions.count)
        program.instructions += objects
        schema.general = Int32(program.instructions.count)
        program.instructions += general
        schema.end = Int32(program.instructions.count)
        program.subschemas[index] = schema
        inPlace[index] = (objects + general).flatMap { $0.appliedInPlace(program.lists) }
    }

    /// The table of a name that is referred to dynamically.
    mutating func dynamicAnchor(_ name: String) -> Int {
        if let known = dynamicNames.firstIndex(of: name) { return known }
        dynamicNames.append(name)
        program.dynamicAnchors.append([])
        return dynamicNames.count - 1
    }

    /// Enters, for each such name, the schemas of all resources reached so far.
    private mutating func addDynamicAnchors() throws(SchemaError) {
        let reached = Set(program.places.map(\.resource))
        for (ordinal, name) in dynamicNames.enumerated() {
            for resource in reached.sorted() {
                guard let place = registry.resources[resource].dynamicAnchors[name],
                    !program.dynamicAnchors[ordinal].contains(where: { $0.resource == Int32(resource) })
                else { continue }
                let anchor = Program.DynamicAnchor(resource: Int32(resource), schema: try schema(place))
                program.dynamicAnchors[ordinal].append(anchor)
            }
        }
    }
}
