internal import JSON
internal import JSONSchema

/// All schemas that apply to one place of the data whatever the data are, and what they say together.
struct SchemaLocation {
    let places: [SchemaPlace]
    let mark: SharingMark?
    let tagKind: String?
    /// Where the mark, or the tag, stands.
    let markPlace: SchemaPlace?
    let tagPlace: SchemaPlace?

    /// - Parameter schemas: What applies to the place by name; what those refer to is added.
    init(_ schemas: [SchemaPlace], _ registry: SchemaRegistry) throws(ExchangeError) {
        var places: [SchemaPlace] = []
        var visited: Set<String> = []
        var open = Array(schemas.reversed())
        while let place = open.popLast() {
            guard visited.insert(place.location).inserted else { continue }
            places.append(place)
            open += try MarkSearch.sameValue(as: place, registry).reversed()
        }
        self.places = places
        var marks: [(SharingMark, SchemaPlace)] = []
        var kinds: [(String, SchemaPlace)] = []
        for place in places {
            if let mark = try SharingMarkReader.mark(of: place) { marks.append((mark, place)) }
            if let kind = try SharingMarkReader.tagKind(of: place) { kinds.append((kind, place)) }
        }
        if let other = marks.first(where: { $0.0 != marks[0].0 }) {
            throw SharingMarkReader.refusal(other.1, "x-sharing", "The property is marked in two ways.")
        }
        if let other = kinds.first(where: { $0.0 != kinds[0].0 }) {
            throw SharingMarkReader.refusal(other.1, "x-tag", "The property becomes a tag of two kinds.")
        }
        (mark, markPlace) = (marks.first?.0, marks.first?.1)
        (tagKind, tagPlace) = (kinds.first?.0, kinds.first?.1)
    }

    /// Whether only values of a type satisfy the schemas.
    func isAlways(_ type: String) -> Bool {
        places.contains { place in
            guard let value = place.value["type"] else { return false }
            return value.string == type || value.elements.count == 1 && value.elements[0].string == type
        }
    }

    /// Whether a member must be there.
    func requires(_ name: String) -> Bool {
        places.contains { place in
            place.value["required"]?.elements.contains { $0.string.map { $0.utf8.elementsEqual(name.utf8) } ?? false }
                ?? false
        }
    }

    /// The most elements an array has, or nil if that is not said.
    var maximumItems: Int? {
        places.compactMap { $0.value["maxItems"]?.integer }.min().map { Int($0) }
    }

    /// The properties and their schemas, in the order they are first named.
    func properties(_ registry: SchemaRegistry) -> [(name: String, schemas: [SchemaPlace])] {
        var names: [String] = []
        var schemas: [[UInt8]: [SchemaPlace]] = [:]
        for place in places {
            for (name, _) in place.value["properties"]?.members ?? [] {
                guard let schema = registry.place(below: place, ["properties", name]) else { continue }
                let key = Array(name.utf8)
                if schemas[key] == nil { names.append(name) }
                schemas[key, default: []].append(schema)
            }
        }
        return names.map { ($0, schemas[Array($0.utf8)] ?? []) }
    }

    /// The schemas of an array's elements.
    func items(_ registry: SchemaRegistry) -> [SchemaPlace] {
        places.compactMap { $0.value["items"] == nil ? nil : registry.place(below: $0, ["items"]) }
    }
}
