internal import HTTPTypes

/// What a parameter of an operation is.
struct APIParameter: Sendable {
    enum Place: String, Sendable { case query, path, header }

    let name: String
    let place: Place
    let schema: APISchema
    /// What it says, in a sentence.
    let meaning: String
    /// One that can be, as JSON.
    let example: String
    var isRequired = false

    /// A parameter of the query.
    static func query(
        _ name: String, _ schema: APISchema, _ meaning: String, _ example: String, isRequired: Bool = false
    ) -> APIParameter {
        APIParameter(
            name: name, place: .query, schema: schema, meaning: meaning, example: example, isRequired: isRequired)
    }

    /// A parameter of the query that may be given several times.
    static func queries(
        _ name: String, _ schema: APISchema, _ meaning: String, _ example: String,
        atMost count: Int = RequestParameters.maximumRepeats
    ) -> APIParameter {
        query(
            name, .list(schema, atMost: count, atLeast: 1, isSet: false), meaning + " May be given several times.",
            "[\(example)]")
    }

    /// A part of the path.
    static func path(_ name: String, _ schema: APISchema, _ meaning: String, _ example: String) -> APIParameter {
        APIParameter(
            name: name, place: .path, schema: schema, meaning: meaning, example: example, isRequired: true)
    }

    static func header(_ name: String, _ schema: APISchema, _ meaning: String, _ example: String) -> APIParameter {
        APIParameter(name: name, place: .header, schema: schema, meaning: meaning, example: example)
    }
}

/// A body, or an answer, in one media type.
struct APIContent: Sendable {
    let mediaType: String
    let schema: APISchema
    /// As JSON; of text a string.
    let example: String?

    init(_ mediaType: String, _ schema: APISchema, example: String? = nil) {
        (self.mediaType, self.schema, self.example) = (mediaType, schema, example)
    }
}

/// What a request is answered with when it is carried out.
struct APIAnswer: Sendable {
    let status: Int
    let meaning: String
    let contents: [APIContent]
    var headers: [(name: String, schema: APISchema, meaning: String)] = []

    init(
        _ status: Int, _ meaning: String, _ contents: [APIContent],
        headers: [(name: String, schema: APISchema, meaning: String)] = []
    ) {
        (self.status, self.meaning, self.contents, self.headers) = (status, meaning, contents, headers)
    }
}

/// What can be asked of the server: it is routed by, its parameters are taken by, and documented by, the same value.
struct APIOperation: Sendable {
    enum Access: Sendable {
        /// Whoever says who it is may see more.
        case anyone
        /// Who does not say who it is gets 401.
        case members
    }

    let method: HTTPRequest.Method
    /// With the names of its parameters in braces: `/cases/{object}`.
    let path: String
    /// Its name for programs that are generated.
    let id: String
    let summary: String
    var access = Access.members
    var parameters: [APIParameter] = []
    var body: [APIContent] = []
    let answers: [APIAnswer]
    /// The statuses of problems beside those that every request may come to.
    var problems: [Int] = []

    /// What any request may come to.
    static let commonProblems = [400, 401, 403, 429, 500, 503]

    /// The names of the parameters in the query.
    var queryNames: Set<String> { Set(parameters.filter { $0.place == .query }.map(\.name)) }

    /// The parts of the path: names, and nil for what stands in braces.
    var segments: [String?] {
        path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
    }

    /// The group it belongs to: the first part of its path.
    var group: String { path.split(separator: "/").first.map(String.init) ?? "" }
}
