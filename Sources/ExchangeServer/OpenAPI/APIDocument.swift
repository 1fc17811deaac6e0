internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON

/// The OpenAPI 3.1 document of what routes say of themselves.
struct APIDocument: Sendable {
    let operations: [APIOperation]

    /// What a status of a problem means.
    private static let meanings: [Int: String] = [
        400: "What was asked is malformed.", 401: "Nobody says who asks, or is not believed.",
        403: "The agency may not do this.", 404: "There is no such thing.", 409: "What is there stands against it.",
        410: "The subject was erased.", 413: "The body is too large.", 415: "The media type is not taken.",
        422: "It is well-formed, and cannot be.", 429: "Too much was asked at once.", 500: "The ledger failed.",
        503: "It cannot be answered now; Retry-After says when to ask again.", 507: "There is no room.",
    ]

    private static let about =
        "An event ledger that agencies share: append, read, follow, verify, ask. docs/http.md says how. Every refusal is "
        + "application/problem+json (RFC 9457) with a code, and whether to try again."

    /// The document as JSON.
    var json: [UInt8] {
        var json = JSONWriter(reservingCapacity: 64 << 10)
        json.object { json in
            json.member("openapi", "3.1.0")
            json.key("info")
            json.object { json in
                json.member("title", "Sanhu")
                json.member("version", "1")
                json.member("description", Self.about)
                json.key("license")
                json.object { json in
                    json.member("name", "Apache 2.0")
                    json.member("identifier", "Apache-2.0")
                }
            }
            json.key("servers")
            json.array { json in json.object { $0.member("url", "/") } }
            json.key("tags")
            json.array { json in for group in groups { json.object { $0.member("name", group) } } }
            json.key("paths")
            json.object { json in
                for path in paths {
                    json.key(path)
                    json.object { json in
                        for operation in operations where operation.path == path { Self.write(operation, to: &json) }
                    }
                }
            }
            json.key("components")
            json.object(Self.writeComponents)
        }
        json.endLine()
        return json.bytes
    }

    private var paths: [String] {
        var paths: [String] = []
        for operation in operations where !paths.contains(operation.path) { paths.append(operation.path) }
        return paths
    }

    private var groups: [String] {
        var groups: [String] = []
        for operation in operations where !groups.contains(operation.group) { groups.append(operation.group) }
        return groups
    }

    // MARK: Operations

    private static func write(_ operation: APIOperation, to json: inout JSONWriter) {
        json.key(operation.method.rawValue.lowercased())
        json.object { json in
            json.member("operationId", operation.id)
            json.member("summary", operation.summary)
            json.key("tags")
            json.array { $0.string(operation.group) }
            json.key("security")
            json.array { json in
                if operation.access == .anyone { json.object { _ in } }
                for scheme in ["token", "certificate"] {
                    json.object { json in
                        json.key(scheme)
                        json.array { _ in }
                    }
                }
            }
            if !operation.parameters.isEmpty {
                json.key("parameters")
                json.array { json in for parameter in operation.parameters { write(parameter, to: &json) } }
            }
            if !operation.body.isEmpty {
                json.key("requestBody")
                json.object { json in
                    json.key("required")
                    json.bool(true)
                    write(operation.body, to: &json)
                }
            }
            json.key("responses")
            json.object { json in
                for answer in operation.answers { write(answer, to: &json) }
                for status in Set(APIOperation.commonProblems + operation.problems).sorted() {
                    json.key("\(status)")
                    json.object { $0.member("$ref", "#/components/responses/\(status)") }
                }
            }
        }
    }

    private static func write(_ parameter: APIParameter, to json: inout JSONWriter) {
        json.object { json in
            json.member("name", parameter.name)
            json.member("in", parameter.place.rawValue)
            json.member("description", parameter.meaning)
            if parameter.isRequired {
                json.key("required")
                json.bool(true)
            }
            json.key("schema")
            json.raw(parameter.schema.json.utf8)
            json.key("example")
            json.raw(parameter.example.utf8)
        }
    }

    private static func write(_ answer: APIAnswer, to json: inout JSONWriter) {
        json.key("\(answer.status)")
        json.object { json in
            json.member("description", answer.meaning)
            if !answer.headers.isEmpty {
                json.key("headers")
                json.object { json in
                    for header in answer.headers {
                        json.key(header.name)
                        json.object { json in
                            json.member("description", header.meaning)
                            json.key("schema")
                            json.raw(header.schema.json.utf8)
                        }
                    }
                }
            }
            write(answer.contents, to: &json)
        }
    }

    private static func write(_ contents: [APIContent], to json: inout JSONWriter) {
        json.key("content")
        json.object { json in
            for content in contents {
                json.key(content.mediaType)
                json.object { json in
                    json.key("schema")
                    json.raw(content.schema.json.utf8)
                    if let example = content.example {
                        json.key("example")
                        json.raw(example.utf8)
                    }
                }
            }
        }
    }

    // MARK: Components

    private static func writeComponents(_ json: inout JSONWriter) {
        json.key("securitySchemes")
        json.object { json in
            json.key("token")
            json.object { json in
                json.member("type", "http")
                json.member("scheme", "bearer")
                json.member("bearerFormat", "JWT")
                json.member("description", "Signed with Ed25519 by a key of the charter; an hour at most.")
            }
            json.key("certificate")
            json.object { json in
                json.member("type", "mutualTLS")
                json.member("description", "A certificate whose key the charter has in force.")
            }
        }
        json.key("schemas")
        json.object { json in
            for (name, schema) in APIVocabulary.schemas {
                json.key(name)
                json.raw(schema.json.utf8)
            }
        }
        json.key("responses")
        json.object { json in
            for (status, meaning) in meanings.sorted(by: { $0.key < $1.key }) {
                json.key("\(status)")
                json.object { json in
                    json.member("description", meaning)
                    write([APIContent(Problem.mediaType, .named("Problem"))], to: &json)
                }
            }
        }
    }
}

/// `GET /openapi.json`.
struct APIEndpoint: Sendable {
    static let operation = APIOperation(
        method: .get, path: "/openapi.json", id: "openAPI", summary: "This document.", access: .anyone,
        answers: [
            APIAnswer(
                200, "An OpenAPI 3.1 document.",
                [APIContent(MediaType.json, #"{"type":"object","required":["openapi","info","paths"]}"#)])
        ])

    /// The route to the document of all routes, itself included.
    static func route(beside routes: [Route]) -> Route {
        let bytes = APIDocument(operations: routes.map(\.operation) + [operation]).json
        return Route(operation) { call throws(Problem) in
            try call.parameters().end()
            return Answer(.ok, MediaType.json, .bytes(bytes))
        }
    }
}
