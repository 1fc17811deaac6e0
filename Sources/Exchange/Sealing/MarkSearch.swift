internal import JSON
internal import JSONSchema

/// Looks for marks in a schema and everything it applies, whatever the keyword: what it does not find, the plan would
/// leave in clear.
struct MarkSearch {
    /// The most schemas looked at for one plan; those applied in several places count again.
    private static let maximumSteps = 500_000

    static let single = [
        "if", "then", "else", "not", "additionalProperties", "unevaluatedProperties", "propertyNames", "contains",
        "unevaluatedItems", "contentSchema",
    ]
    static let lists = ["oneOf", "anyOf", "prefixItems"]
    static let maps = ["patternProperties", "dependentSchemas"]

    let registry: SchemaRegistry
    private var steps = 0

    init(registry: SchemaRegistry) {
        self.registry = registry
    }

    /// The first schema with one of some keywords, among some schemas and what they apply, or nil.
    mutating func first(_ keywords: [String], in places: [SchemaPlace]) throws(ExchangeError) -> SchemaPlace? {
        var visited: Set<String> = []
        var open = Array(places.reversed())
        while let place = open.popLast() {
            guard visited.insert(place.location).inserted else { continue }
            steps += 1
            guard steps <= Self.maximumSteps else {
                throw ExchangeError(
                    .limitExceeded, "The schema \(place.location) is too large to be searched for marks.")
            }
            if keywords.contains(where: { place.value[$0] != nil }) { return place }
            let applied =
                try Self.sameValue(as: place, registry) + inapplicable(of: place)
                + children(of: place, "properties") + child(of: place, ["items"])
            open += applied.reversed()
        }
        return nil
    }

    /// The schemas that a schema applies in ways by which nothing can be marked.
    func inapplicable(of place: SchemaPlace) -> [SchemaPlace] {
        var result: [SchemaPlace] = []
        for keyword in Self.single { result += child(of: place, [keyword]) }
        for keyword in Self.lists {
            for index in (place.value[keyword]?.elements ?? []).indices {
                result += child(of: place, [keyword, String(index)])
            }
        }
        for keyword in Self.maps { result += children(of: place, keyword) }
        return result
    }

    /// The schemas that a schema applies to the same value whatever the value is: by `$ref` and `allOf`.
    static func sameValue(
        as place: SchemaPlace, _ registry: SchemaRegistry
    ) throws(ExchangeError) -> [SchemaPlace] {
        guard place.value["$dynamicRef"] == nil else {
            throw SharingMarkReader.refusal(
                place, "$dynamicRef",
                "What “$dynamicRef” leads to is not known before an event is, nor are marks there.")
        }
        var result: [SchemaPlace] = []
        if let reference = place.value["$ref"]?.string {
            do throws(SchemaError) {
                result.append(try registry.target(of: reference, from: place))
            } catch {
                throw SharingMarkReader.refusal(place, "$ref", error.reason)
            }
        }
        for index in (place.value["allOf"]?.elements ?? []).indices {
            guard let part = registry.place(below: place, ["allOf", String(index)]) else { continue }
            result.append(part)
        }
        return result
    }

    private func child(of place: SchemaPlace, _ tokens: [String]) -> [SchemaPlace] {
        guard place.value[tokens[0]] != nil, let child = registry.place(below: place, tokens) else { return [] }
        return [child]
    }

    private func children(of place: SchemaPlace, _ keyword: String) -> [SchemaPlace] {
        (place.value[keyword]?.members ?? []).compactMap { registry.place(below: place, [keyword, $0.key]) }
    }
}
