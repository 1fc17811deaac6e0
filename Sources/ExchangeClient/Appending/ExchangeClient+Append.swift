public import EventLog
public import ExchangeProtocol
internal import JSON

extension ExchangeClient {
    /// Appends events together: all, or none.
    ///
    /// It is made again until an answer has come: with the same ids nothing is appended twice, and the receipts are the same.
    ///
    /// - Parameters:
    ///   - drafts: At most 1,000. Their agency is that of the credential.
    ///   - conditions: Only if nothing that matches came.
    ///   - wantsProof: Each receipt with its proof.
    /// - Returns: A receipt for each, in their order.
    /// - Throws: ``ClientError``: `.refused` with the problem, if the server refuses.
    public func append(
        _ drafts: [EventDraft], conditions: [AppendCondition] = [], wantsProof: Bool = false
    ) async throws(ClientError) -> [ServedReceipt] {
        guard !drafts.isEmpty else { return [] }
        var parameters = wantsProof ? [(name: "proof", value: "true")] : []
        for condition in conditions { parameters.append(("condition", Self.text(of: condition))) }
        var json = JSONWriter()
        json.array { json in for draft in drafts { Self.write(draft, to: &json) } }
        let request = ClientRequest(
            method: "POST", path: ["events"], parameters: parameters,
            headers: [("Content-Type", "application/cloudevents-batch+json")], body: json.bytes)
        let root = try Self.parse(try await transport.collect(request))
        let elements = root.elements
        guard elements.count == drafts.count else {
            throw ClientError(
                .malformedAnswer, "The server gives \(elements.count) receipts for \(drafts.count) events.")
        }
        var receipts: [ServedReceipt] = []
        for element in elements { receipts.append(try ServedReceipt(element)) }
        return receipts
    }

    /// Appends events of any number, each on its own.
    ///
    /// What broke off goes on with the first event that has no answer: so each is told of once.
    ///
    /// - Parameters:
    ///   - drafts: They are taken as they are needed.
    ///   - told: The number of an event, from 0, and what became of it: a receipt, or why it is refused. In their order.
    /// - Throws: ``ClientError``, or what `told` throws.
    public func append(
        each drafts: some Sequence<EventDraft>, wantsProof: Bool = false,
        _ told: (_ number: Int, _ result: Result<ServedReceipt, Problem>) async throws -> Void
    ) async throws {
        var rest = drafts.makeIterator()
        var number = 0
        while true {
            var window: [EventDraft] = []
            while window.count < Self.window, let draft = rest.next() { window.append(draft) }
            guard !window.isEmpty else { return }
            try await append(window, from: number, wantsProof, told)
            number += window.count
        }
    }

    /// How many events are under way at once.
    static let window = 500

    private func append(
        _ window: [EventDraft], from first: Int, _ wantsProof: Bool,
        _ told: (_ number: Int, _ result: Result<ServedReceipt, Problem>) async throws -> Void
    ) async throws {
        var (done, failures) = (0, 0)
        while done < window.count {
            do {
                var lines = AnswerLines(
                    try await transport.send(Self.request(window[done...], wantsProof)), maximumBytes: 1 << 20)
                while done < window.count {
                    guard let result = try Self.result(try await lines.next()) else { continue }
                    // What is wrong with the server is wrong for what follows as well, and may pass.
                    if case .failure(let problem) = result, problem.retry == .later { throw ClientError(problem) }
                    do {
                        try await told(first + done, result)
                    } catch {
                        throw Told(error: error)
                    }
                    (done, failures) = (done + 1, 0)
                }
            } catch let error as Told {
                throw error.error
            } catch let error as ClientError {
                failures += 1
                try await transport.wait(after: failures, error)
            }
        }
    }

    /// What who is told throws is not the client's.
    private struct Told: Error { let error: any Error }

    private static func request(_ drafts: ArraySlice<EventDraft>, _ wantsProof: Bool) -> ClientRequest {
        var json = JSONWriter()
        for draft in drafts {
            write(draft, to: &json)
            json.endLine()
        }
        return ClientRequest(
            method: "POST", path: ["events"], parameters: wantsProof ? [("proof", "true")] : [],
            headers: [("Content-Type", "application/x-ndjson")], body: json.bytes)
    }

    /// - Returns: Nil for a line that says nothing.
    private static func result(_ line: [UInt8]?) throws(ClientError) -> Result<ServedReceipt, Problem>? {
        guard let line else { throw ClientError(.interrupted, "The answer ended before every event had one.") }
        guard !line.isEmpty else { return nil }
        let root = try parse(line)
        if let told = root["problem"] {
            guard let problem = Problem(told) else {
                throw ClientError(.malformedAnswer, "The server's problem is none.")
            }
            return .failure(problem)
        }
        return .success(try ServedReceipt(root))
    }

    static func parse(_ bytes: [UInt8]) throws(ClientError) -> JSONValue {
        do throws(JSONError) {
            return try JSONDocument(parsing: bytes, limits: .init(maximumBytes: Transport.maximumBytes)).root
        } catch {
            throw ClientError(.malformedAnswer, "The server's answer is not JSON: \(error).")
        }
    }

    private static func write(_ draft: EventDraft, to json: inout JSONWriter) {
        json.object { json in
            json.member("agency", draft.agency)
            json.key("tags")
            json.array { json in for tag in draft.tags { json.string(tag.text) } }
            json.key("event")
            json.raw(draft.event)
            if !draft.disclosures.isEmpty {
                json.key("disclosures")
                json.array { json in
                    for disclosure in draft.disclosures { json.string(String(decoding: disclosure, as: UTF8.self)) }
                }
            }
            if let signature = draft.signature { json.member("signature", signature) }
        }
    }

    private static func text(of condition: AppendCondition) -> String {
        var json = JSONWriter()
        json.object { json in
            json.member("query", condition.query.description)
            if let after = condition.after { json.member("after", Int64(clamping: after)) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
