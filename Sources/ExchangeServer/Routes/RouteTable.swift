internal import ExchangeProtocol
internal import HTTPTypes

/// What there is for a method at a path: what it is, and who answers it.
struct Route: Sendable {
    let operation: APIOperation
    /// The names of the query's parameters; another is refused.
    let names: Set<String>
    fileprivate let segments: [String?]
    /// Whether further parts of a path belong to its last parameter.
    fileprivate let takesMore: Bool
    /// How much of its path is named: what is named wins over what is a parameter.
    fileprivate let weight: Int
    let answer: @Sendable (Call) async throws(Problem) -> Answer

    /// - Parameter takesMore: For names that have slashes in them.
    init(
        _ operation: APIOperation, takesMore: Bool = false,
        _ answer: @escaping @Sendable (Call) async throws(Problem) -> Answer
    ) {
        self.operation = operation
        self.takesMore = takesMore
        self.answer = answer
        segments = operation.segments
        weight = segments.count { $0 != nil }
        names = operation.queryNames
    }

    fileprivate func matches(_ path: [String]) -> Bool {
        guard path.count == segments.count || takesMore && path.count > segments.count else { return false }
        return zip(segments, path).allSatisfy { $0 == nil || $0 == $1 }
    }

}

/// All that the server answers. The OpenAPI document is written from it, so that neither knows what the other does not.
struct RouteTable: Sendable {
    /// In the order in which they are documented.
    let routes: [Route]
    private let groups: [String: [Route]]

    init(_ routes: [Route]) {
        self.routes = routes
        groups = Dictionary(grouping: routes, by: \.operation.group).mapValues { routes in
            routes.sorted { $0.weight > $1.weight }
        }
    }

    /// What is found for a request.
    enum Found: Sendable {
        case route(Route)
        /// There is something at the path, but not for the method; for these.
        case otherMethods([String])
        case nothing
    }

    /// - Complexity: O(*n*) in the routes whose paths begin alike.
    func find(_ method: HTTPRequest.Method, _ path: [String]) -> Found {
        guard let first = path.first, let group = groups[first] else { return .nothing }
        var (weight, others) = (0, [String]())
        for route in group where route.matches(path) {
            // A name in the path excludes what takes it for a parameter.
            if route.weight < weight { break }
            if route.operation.method == method { return .route(route) }
            weight = route.weight
            others.append(route.operation.method.rawValue)
        }
        return others.isEmpty ? .nothing : .otherMethods(others.sorted())
    }

    /// How a path is called where it is counted: by its first part, if there is anything below it; what follows names what
    /// may be classified.
    func label(_ target: String) -> String {
        let first = String(target.dropFirst().prefix { $0 != "/" && $0 != "?" })
        return groups[first] == nil ? "other" : "/" + first
    }
}

/// Endpoints that say themselves what they answer.
protocol Routing: Sendable {
    var routes: [Route] { get }
}
