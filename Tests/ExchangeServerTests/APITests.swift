import Exchange
import Foundation
import HTTPTypes
import JSON
import NIOHTTP1
import TestSupport
import Testing
import Views

@testable import ExchangeServer

/// The OpenAPI document is what is routed, and what is routed takes what is documented.
@Suite(.fewAtOnce) struct APITests {
    /// The operations of the document that a server gives.
    private func operations(_ lab: ServerLab) async throws -> [(path: String, method: String, operation: JSONValue)] {
        let reply = try await lab.ask(.GET, "/openapi.json", as: nil)
        #expect(reply.status == 200 && reply.json?["openapi"]?.string == "3.1.0")
        let paths = try #require(reply.json?["paths"])
        return paths.members.flatMap { path, methods in
            methods.members.map { (path, $0.key.uppercased(), $0.value) }
        }
    }

    /// An address for an operation, by the examples of its parameters; of those of the query only the required ones and one.
    private func address(_ path: String, _ operation: JSONValue, with wanted: String? = nil) -> String {
        var (path, query) = (path, [String]())
        for parameter in operation["parameters"]?.elements ?? [] {
            guard let name = parameter["name"]?.string, let example = parameter["example"] else { continue }
            let value = example.elements.first ?? example
            let text = value.string ?? String(decoding: value.text, as: UTF8.self)
            let encoded = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            switch parameter["in"]?.string {
            case "path":
                // The slashes of a tile's number are its path's.
                path = path.replacing("{\(name)}", with: name == "index" ? text : encoded)
            case "query" where name == wanted || parameter["required"]?.bool == true: query.append("\(name)=\(encoded)")
            default: break
            }
        }
        return path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    @Test func `each operation answers as it is documented, and each of its parameters is taken`() async throws {
        try await ServerLab.serving({ $0.views = Set(ServedViews.known.map(\.name)) }) { lab in
            try await lab.append(ServerLab.event("e1", 1, price: "5"))
            var walked = 0
            for (path, method, operation) in try await operations(lab) {
                let names = (operation["parameters"]?.elements ?? []).filter { $0["in"]?.string == "query" }
                    .compactMap { $0["name"]?.string }
                // What is followed has no end; those that need another are taken with it elsewhere.
                let isEndless = path.hasSuffix("/{name}/events")
                for name in [nil] + names.map(Optional.some) where !isEndless {
                    let target = address(path, operation, with: name)
                    let body = operation["requestBody"]?["content"]?.members.first
                    let example = body?.value["example"].map { String(decoding: $0.text, as: UTF8.self) }
                    let reply = try await lab.ask(
                        HTTPMethod(rawValue: method), target, as: "CUS", type: body?.key, example)
                    walked += 1
                    #expect(reply.status != 405 && reply.status < 500, "\(method) \(target): \(reply.text)")
                    #expect(reply.code != "unknownPath", "\(method) \(target)")
                    #expect(!reply.text.contains("There is no parameter"), "\(method) \(target): \(reply.text)")
                    let answers = try #require(operation["responses"])
                    let answer = try #require(
                        answers["\(reply.status)"], "\(method) \(target): \(reply.status) is not documented")
                    guard reply.status < 300 else { continue }
                    let type = reply.headers["Content-Type"].first ?? ""
                    #expect(answer["content"]?[type] != nil, "\(method) \(target): \(type) is not documented")
                }
            }
            #expect(walked > 100)
        }
    }

    @Test func `a parameter that is not documented is refused everywhere`() async throws {
        try await ServerLab.serving { lab in
            for (path, method, operation) in try await operations(lab) {
                let target = address(path, operation)
                let body = operation["requestBody"]?["content"]?.members.first
                let example = body?.value["example"].map { String(decoding: $0.text, as: UTF8.self) }
                let reply = try await lab.ask(
                    HTTPMethod(rawValue: method), target + (target.contains("?") ? "&" : "?") + "undocumented=1",
                    as: "CUS",
                    type: body?.key, example)
                #expect(reply.code == "badParameter", "\(method) \(target): \(reply.status) \(reply.text)")
            }
        }
    }

    @Test func `another method is told which there are, and who must say who it is, is told so`() async throws {
        try await ServerLab.serving { lab in
            let all = try await operations(lab)
            for (path, method, operation) in all {
                let target = address(path, operation)
                let other = try await lab.ask(.PATCH, target, as: "CUS", "{}")
                #expect(other.status == 405 && other.headers["Allow"].first?.contains(method) == true, "\(target)")
                let security = operation["security"]?.elements ?? []
                guard security.allSatisfy({ !$0.members.isEmpty }) else { continue }
                let body = operation["requestBody"]?["content"]?.members.first
                let example = body?.value["example"].map { String(decoding: $0.text, as: UTF8.self) }
                let nobody = try await lab.ask(
                    HTTPMethod(rawValue: method), target, as: nil, type: body?.key, example)
                #expect(nobody.status == 401, "\(method) \(target)")
            }
            #expect(Set(all.compactMap { $0.operation["operationId"]?.string }).count == all.count)
        }
    }

    @Test func `every name that the document refers to is in it`() async throws {
        try await ServerLab.serving { lab in
            let reply = try await lab.ask(.GET, "/openapi.json", as: nil)
            let root = try #require(reply.json)
            let references = Set(reply.text.matches(of: /"\$ref":"#([^"]+)"/).map { String($0.1) })
            #expect(references.count > 10)
            for reference in references {
                #expect(root.value(at: try #require(JSONPointer(reference))) != nil, "\(reference)")
            }
            let components =
                (root["components"]?["schemas"]?.members ?? []).map { "/components/schemas/\($0.key)" }
                + (root["components"]?["responses"]?.members ?? []).map { "/components/responses/\($0.key)" }
            #expect(references == Set(components), "what nothing refers to is left over")
        }
    }

    @Test func `what is too large for a head, or no request at all, is answered with a problem, too`() async throws {
        try await ServerLab.serving { lab in
            let long = String(repeating: "x", count: UnparsedHandler.headBytes)
            let wide = try await lab.ask(.GET, "/events?query=" + long)
            #expect(wide.status == 400 && wide.code == "malformedRequest", "\(wide.status)")
            #expect(wide.headers["Content-Type"] == ["application/problem+json"])
            let header = try await lab.ask(.GET, "/checkpoint", headers: [("X-Long", long)])
            #expect(header.status == 400 && header.code == "malformedRequest")
            #expect(try await lab.ask(.GET, "/checkpoint").status == 200)
        }
    }
}
