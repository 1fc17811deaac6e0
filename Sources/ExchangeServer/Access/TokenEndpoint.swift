internal import EventLog
internal import ExchangeProtocol
internal import JSON

/// `POST /tokens/revocations`: an agency takes a token back that it has signed.
struct TokenEndpoint: Sendable {
    let revoked: RevokedTokens
    let gatekeeper: Gatekeeper
    /// The most characters of a token's id.
    static let idLength = 256

    func answer(_ call: Call) async throws(Problem) -> Answer {
        let agency = try call.caller.member()
        let parameters = try call.parameters()
        try parameters.end()
        let body = try await call.collect(upTo: 4_096)
        guard let root = try? JSONDocument(parsing: body).root, let id = root["id"]?.string, !id.isEmpty,
            id.unicodeScalars.count <= Self.idLength, root.members.count == 1
        else {
            throw Problem(
                400, "malformedBody", "The body is malformed",
                "It is {\"id\":…}, the token's “jti”, of at most \(Self.idLength) characters.")
        }
        let now = Timestamp.now().microseconds / 1_000_000
        do throws(LogError) {
            try revoked.insert(
                agency: agency, id: id, until: now + AccessToken.maximumLifetime + Gatekeeper.skew / 1_000_000 * 2,
                now: now)
        } catch {
            throw Problem(error)
        }
        gatekeeper.forget()
        return .json { json in json.object { $0.member("revoked", id) } }
    }
}
