import JSON

/// Finds all schemas of a document: which have an identity of their own, and which have anchors.
///
/// Only what stands under a keyword that holds schemas is one: an `$id` in a `const` or under an unknown keyword names
/// nothing.
struct SchemaIndexer {
    let document: Int
    /// What has been found, in the order of the document.
    private(set) var places: [Int: SchemaPlace] = [:]
    private(set) var resources: [SchemaResource] = []
    /// The regular expressions of the document by their UTF-8, each parsed once.
    private(set) var patterns: [[UInt8]: RegularExpression] = [:]
    private let firstResource: Int
    private let maximumSchemas: Int

    /// - Parameter firstResource: The index that the first resource found will have in the registry.
    init(document: Int, firstResource: Int, maximumSchemas: Int) {
        self.document = document
        self.firstResource = firstResource
        self.maximumSchemas = maximumSchemas
    }

    /// Indexes a whole document.
    ///
    /// - Parameter uri: Where the document was retrieved from, absolute and without a fragment.
    mutating func index(_ root: JSONValue, at uri: URIReference) throws(SchemaError) {
        try index(root, base: uri, resource: nil, pointer: JSONPointer(tokens: []))
    }

    private mutating func index(
        _ value: JSONValue, base: URIReference, resource: Int?, pointer: JSONPointer
    ) throws(SchemaError) {
        let around = SchemaPlace(
            key: .init(document: document, node: value.index), resource: resource ?? firstResource,
            uri: resource.map { resources[$0 - firstResource].uri } ?? base.description, value: value, pointer: pointer)
        guard places.count < maximumSchemas else {
            throw SchemaError(
                .tooManySchemas, at: around.location, "The document holds more than \(maximumSchemas) schemas.",
                remedy: "Divide it, or raise the limit.")
        }
        guard value.kind == .object else {
            if value.bool == nil { throw KeywordReader.notASchema(around) }
            if resource == nil { _ = addResource(around, base: base, dialect: nil) }
            places[value.index] = around
            return
        }
        var keywords = KeywordReader(around)
        var place = around
        var base = base
        let id = try keywords.uri("$id")
        if let id, id.fragment?.isEmpty == false {
            throw keywords.malformed("$id", "a URI without a fragment; for a name in the schema there is $anchor")
        }
        if id != nil || resource == nil {
            base = (id.map(base.resolving) ?? base).withoutFragment
            let around = resource.map { resources[$0 - firstResource].dialect } ?? nil
            place = addResource(place, base: base, dialect: try keywords.uri("$schema")?.description ?? around)
            keywords = KeywordReader(place)
        }
        places[value.index] = place
        try addAnchors(of: place, keywords)
        try addPatterns(keywords)
        for (keyword, content) in value.members {
            let holds = (
                schema: SchemaKeywords.schemas.contains(keyword), list: SchemaKeywords.lists.contains(keyword),
                map: SchemaKeywords.maps.contains(keyword)
            )
            let path = place.pointer.tokens + [keyword]
            if holds.schema {
                try index(content, base: base, resource: place.resource, pointer: JSONPointer(tokens: path))
            } else if holds.list {
                for (ordinal, element) in try keywords.elements(keyword).enumerated() {
                    let pointer = JSONPointer(tokens: path + [String(ordinal)])
                    try index(element, base: base, resource: place.resource, pointer: pointer)
                }
            } else if holds.map {
                for (name, member) in try keywords.members(keyword) {
                    let pointer = JSONPointer(tokens: path + [name])
                    try index(member, base: base, resource: place.resource, pointer: pointer)
                }
            }
        }
    }

    /// Makes a place the root of a resource.
    private mutating func addResource(_ place: SchemaPlace, base: URIReference, dialect: String?) -> SchemaPlace {
        let root = SchemaPlace(
            key: place.key, resource: firstResource + resources.count, uri: base.description, value: place.value,
            pointer: JSONPointer(tokens: []))
        resources.append(SchemaResource(uri: base.description, base: base, root: root, dialect: dialect))
        return root
    }

    private mutating func addAnchors(of place: SchemaPlace, _ keywords: KeywordReader) throws(SchemaError) {
        let resource = place.resource - firstResource
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let name = try keywords.anchor(keyword) else { continue }
            if let other = resources[resource].anchors[name], other.key != place.key {
                throw SchemaError(
                    .duplicateIdentifier, at: place.location, "The anchor “\(name)” stands at \(other.location) too.",
                    remedy: "Give each anchor of a schema a name of its own.")
            }
            resources[resource].anchors[name] = place
            if keyword == "$dynamicAnchor" { resources[resource].dynamicAnchors[name] = place }
        }
    }

    private mutating func addPatterns(_ keywords: KeywordReader) throws(SchemaError) {
        if let pattern = try keywords.string("pattern") { try add(pattern, keywords, "pattern") }
        for (pattern, _) in try keywords.members("patternProperties") {
            try add(pattern, keywords, "patternProperties")
        }
    }

    private mutating func add(_ pattern: String, _ keywords: KeywordReader, _ keyword: String) throws(SchemaError) {
        let key = Array(pattern.utf8)
        guard patterns[key] == nil else { return }
        do throws(PatternError) {
            patterns[key] = try RegularExpression(pattern)
        } catch {
            throw keywords.refusal(of: pattern, keyword, error)
        }
    }
}
