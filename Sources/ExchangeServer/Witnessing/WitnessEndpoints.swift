internal import EventLog
internal import ExchangeProtocol
internal import Foundation
internal import HTTPTypes
internal import JSON
internal import Logging
internal import Transparency
internal import Witnessing

/// What a witness answers over HTTP: C2SP tlog-witness, and what there is to know of it.
struct WitnessEndpoints: Sendable {
    let folder: WitnessFolder
    let logger: Logger

    /// Answers a request by its method and the parts of its path.
    func answer(_ call: Call) async throws(Problem) -> Answer {
        let isPost = call.path == ["add-checkpoint"]
        guard
            isPost || call.path.isEmpty || call.path == ["key"] || call.path.count == 2 && call.path[1] == "checkpoint"
        else {
            throw Problem(
                404, "unknownPath", "There is nothing here",
                "A witness answers POST /add-checkpoint, GET /key, GET / and GET /HASH/checkpoint, with the SHA-256 of a log's "
                    + "origin in hexadecimal.")
        }
        guard call.method == (isPost ? .post : .get) else { throw Endpoints.methods(isPost ? "POST" : "GET") }
        if isPost { return try await cosign(call) }
        if call.path.isEmpty { return about() }
        return call.path.count == 1 ? Self.text(.ok, folder.verifier.description) : try latest(call.path[0])
    }

    private func cosign(_ call: Call) async throws(Problem) -> Answer {
        let body = try await call.collect(upTo: ConsistencyProof.maximumBytes)
        guard let text = String(validating: body, as: UTF8.self) else {
            return Self.text(.badRequest, "The body is not UTF-8.")
        }
        do throws(WitnessFault) {
            let note = try folder.cosign(text, at: CosignatureBook.now())
            let lines = note.signatures.filter { folder.verifier.owns($0) }
            return Self.text(.ok, lines.map(\.description).joined(separator: "\n"))
        } catch {
            switch error {
            case .refused(let refusal): return self.refusal(refusal)
            case .failed(let error): throw Problem(error)
            }
        }
    }

    private func refusal(_ refusal: WitnessRefusal) -> Answer {
        if refusal.code == .forked || refusal.evidence != nil {
            logger.critical(
                "a log shows another history", metadata: ["reason": .string(refusal.reason), "evidence": "kept"])
        }
        // What the log needs to begin at the right size.
        if let size = refusal.size {
            return Answer(.conflict, "text/x.tlog.size", .bytes(Array("\(size)\n".utf8)))
        }
        return Self.text(.init(code: refusal.code.status), refusal.reason)
    }

    private func latest(_ hash: String) throws(Problem) -> Answer {
        guard let log = folder.logs.first(where: { WitnessedLog.pathName(of: $0.key.name) == hash }) else {
            throw Problem(404, "unknownLog", "The log is not followed", "This witness follows no log of that name.")
        }
        do throws(WitnessFault) {
            guard let note = try folder.latest(log.key.name, at: CosignatureBook.now()) else {
                throw WitnessFault.failed(LogError(.notALedger, "No checkpoint of that log is cosigned yet."))
            }
            var answer = Answer(.ok, MediaType.text, .bytes(Array(note.description.utf8)))
            answer.headers[.cacheControl] = "no-cache"
            return answer
        } catch {
            throw Problem(404, "notCosigned", "Nothing is cosigned", "No checkpoint of that log is cosigned yet.")
        }
    }

    private func about() -> Answer {
        .json { json in
            json.object { json in
                json.member("witness", folder.verifier.description)
                json.key("logs")
                json.array { json in
                    for log in folder.logs {
                        json.object { json in
                            json.member("key", log.key.description)
                            json.member("path", WitnessedLog.pathName(of: log.key.name) + "/checkpoint")
                            json.key("size")
                            json.raw(String(log.size).utf8)
                        }
                    }
                }
            }
        }
    }

    private static func text(_ status: HTTPResponse.Status, _ text: String) -> Answer {
        Answer(status, MediaType.text, .bytes(Array((text + "\n").utf8)))
    }
}
