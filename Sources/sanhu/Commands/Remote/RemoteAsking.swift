import ArgumentParser
import EventLog
import Exchange
import ExchangeClient
import JSON

/// Asks a server what a command asks of a folder, and prints the lines of its answer. They are believed: what is folded from
/// events has no proof.
struct RemoteAsking {
    let remote: ServerOptions
    let claim: ServerOptions.Claim

    /// Asks, and prints what comes. Parameters without a value are left out.
    func get(_ path: [String], _ parameters: [(String, String?)] = []) async throws {
        var all = parameters
        // A token says them itself.
        if !remote.tellsByToken {
            let names = Set(parameters.map(\.0))
            all += [("role", claim.role), ("purpose", claim.purpose)]
            if !names.contains("case") { all.append(("case", claim.caseName)) }
        }
        let given = all.compactMap { name, value in value.map { (name: name, value: $0) } }
        try await asking { client in try await client.lines(of: path, given) }
    }

    /// Appends an event of disclosure, and prints its receipt.
    func post(
        _ event: DisclosureEvent, _ detail: DisclosureDetail?, _ parameters: [(String, String?)]
    ) async throws {
        let (path, member) = try Self.path(of: event)
        let data = try JSONDocument(parsing: event.data(detail)).root
        var json = JSONWriter()
        json.object { json in
            // The path says what it is about.
            for (name, value) in data.members where name != member {
                json.key(name)
                json.raw(value.text)
            }
        }
        let given = parameters.compactMap { name, value in value.map { (name: name, value: $0) } }
        try await asking { client in try await client.post(json.bytes, to: path, given) }
    }

    private func asking(_ body: (ExchangeClient) async throws -> [[UInt8]]) async throws {
        guard remote.trust == nil else {
            throw ValidationError("--trust goes with `sanhu read`: what is folded from events has no proof.")
        }
        try await remote.asking(as: claim) { client in
            for line in try await body(client) {
                Output.standard.write(line)
                Output.standard.writeLine("")
            }
        }
        Output.standard.flush()
    }

    private static func path(of event: DisclosureEvent) throws -> (path: [String], member: String?) {
        switch event {
        case .requested: return (["disclosures"], nil)
        case .checked(let request, _, _): return (["disclosures", String(request), "check"], "request")
        case .decided(let ruling): return (["disclosures", String(ruling.request), "decision"], "request")
        case .disputed(let decision, _): return (["disclosures", String(decision), "dispute"], "decision")
        case .revoked(let grant, _): return (["disclosures", String(grant), "revocation"], "grant")
        case .expired, .lapsed, .assistanceRequested, .assistanceAnswered, .assistanceClosed:
            throw ValidationError("--server goes with `sanhu disclose`; append this event by `sanhu append`.")
        }
    }
}

extension ServerOptions {
    /// Who asks a server, if one is meant.
    func asking(as claim: ClaimOptions, caseName: String? = nil) -> RemoteAsking? {
        guard address != nil else { return nil }
        return RemoteAsking(
            remote: self,
            claim: Claim(agency: claim.agency, role: claim.role, purpose: claim.purpose, caseName: caseName))
    }

    /// Refuses what a server does not print.
    func refuseTable(_ isTable: Bool) throws {
        if address != nil, isTable { throw ValidationError("A server answers JSON: leave out --format.") }
    }
}
