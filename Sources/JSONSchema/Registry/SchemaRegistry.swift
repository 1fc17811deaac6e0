public import JSON

/// Schemas of JSON Schema draft 2020-12 by their URIs. Nothing is fetched: what a schema refers to must be here when it
/// is compiled. The metaschemas of the draft are.
///
/// ```swift
/// var registry = SchemaRegistry()
/// try registry.register(JSONDocument(parsing: bytes), at: "https://port.example/declaration/1")
/// let schema = try registry.compile("https://port.example/declaration/1")
/// let violations = try schema.validate(event.tape, event.bytes.span)
/// ```
///
/// Keywords nobody knows, such as those that begin with `x-`, have no effect and stay in the documents.
public struct SchemaRegistry: Sendable {
    /// How schemas are read and what they may not exceed.
    public struct Options: Sendable, Hashable {
        /// Whether `format` is checked. Where a metaschema has the vocabulary format-assertion it always is.
        public var assertsFormats = true
        /// Whether a format that is not known here is refused where formats are checked; if not, it has no effect.
        public var refusesUnknownFormats = true
        /// The most schemas of one document, and of all that one compiled schema refers to.
        public var maximumSchemas = 20_000

        public init(assertsFormats: Bool = true, refusesUnknownFormats: Bool = true, maximumSchemas: Int = 20_000) {
            self.assertsFormats = assertsFormats
            self.refusesUnknownFormats = refusesUnknownFormats
            self.maximumSchemas = maximumSchemas
        }
    }

    public let options: Options
    private(set) var resources: [SchemaResource] = []
    private var resourceIndices: [String: Int] = [:]
    /// For each document, its schemas by their nodes.
    private var places: [[Int: SchemaPlace]] = []
    private var patterns: [[UInt8]: RegularExpression] = [:]

    /// A registry that holds the metaschemas of the draft.
    public init(options: Options = Options()) {
        self.options = options
        resources = Self.metaschemas.resources
        resourceIndices = Self.metaschemas.resourceIndices
        places = Self.metaschemas.places
        patterns = Self.metaschemas.patterns
    }

    private init(metaschemas: [String]) {
        options = Options()
        for text in metaschemas {
            // The texts are constants; that all of them are registered is tested.
            guard let document = try? JSONDocument(parsing: Array(text.utf8)),
                let id = document.root["$id"]?.string
            else { continue }
            try? register(document, at: id)
        }
    }

    private static let metaschemas = SchemaRegistry(metaschemas: Metaschemas.texts)

    /// The URIs of all schemas that have one, sorted.
    public var uris: [String] { resourceIndices.keys.sorted() }

    /// Adds a document and all schemas in it that have a URI of their own. Patterns are parsed; what it refers to is not
    /// looked for yet.
    ///
    /// - Parameters:
    ///   - document: A schema.
    ///   - uri: Where the document is to be found, without a fragment. Its `$id` counts as well.
    /// - Throws: ``SchemaError``; the registry is then as it was.
    /// - Complexity: O(*n*) in the size of the document, and the cost of its patterns.
    public mutating func register(_ document: JSONDocument, at uri: String) throws(SchemaError) {
        let base = URIReference(uri)
        guard URIFormat.accepts(uri.utf8Span.span, needsScheme: false), base.fragment?.isEmpty != false else {
            throw SchemaError(
                .malformedURI, at: uri, "“\(uri.prefix(200))” is no URI of a document.",
                remedy: "Register a document by a URI without a fragment.")
        }
        var indexer = SchemaIndexer(
            document: places.count, firstResource: resources.count, maximumSchemas: options.maximumSchemas)
        try indexer.index(document.root, at: base.withoutFragment)
        var indices: [String: Int] = [:]
        for (offset, resource) in indexer.resources.enumerated() {
            guard resourceIndices[resource.uri] == nil, indices[resource.uri] == nil else {
                throw duplicate(resource.uri)
            }
            indices[resource.uri] = resources.count + offset
        }
        let alias = base.withoutFragment.description
        if indices[alias] == nil {
            guard resourceIndices[alias] == nil else { throw duplicate(alias) }
            indices[alias] = resources.count
        }
        resources += indexer.resources
        places.append(indexer.places)
        resourceIndices.merge(indices) { old, _ in old }
        patterns.merge(indexer.patterns) { old, _ in old }
    }

    private func duplicate(_ uri: String) -> SchemaError {
        SchemaError(
            .duplicateIdentifier, at: uri, "A schema is registered as \(uri) already.",
            remedy: "Register each version of a schema under a URI of its own.")
    }

    /// Compiles a schema and all it refers to.
    ///
    /// - Parameter uri: The URI of a registered schema; its fragment may be an anchor or a JSON pointer.
    /// - Throws: ``SchemaError``.
    /// - Complexity: O(*n*) in the size of the schemas, and for each reference and property O(*m*) in the members of the
    ///   objects on the way to it.
    public func compile(_ uri: String) throws(SchemaError) -> CompiledSchema {
        var compiler = SchemaCompiler(registry: self)
        return CompiledSchema(try compiler.compile(place(at: uri)))
    }

    /// A parsed pattern of a registered document.
    func pattern(_ text: String) -> RegularExpression? { patterns[Array(text.utf8)] }

    /// The resource with a URI.
    func resource(_ uri: String) -> SchemaResource? { resourceIndices[uri].map { resources[$0] } }

    /// The schema at a place that is known to be one, or nil.
    func known(_ key: SchemaPlace.Key) -> SchemaPlace? { places[key.document][key.node] }
}
