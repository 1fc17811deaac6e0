internal import Crypto
internal import EventLog
internal import ExchangeProtocol
internal import Foundation
internal import Synchronization

/// Signs tokens with an agency's key, each used until shortly before it ends.
final class TokenSource: Sendable {
    /// For how many seconds a token is good, and how long before its end another is signed.
    static let lifetime: Int64 = 900
    static let margin: Int64 = 60

    private struct State {
        var token: (text: String, end: Int64)?
        var audience: String?
    }

    private let credential: AgencyCredential
    private let state: Mutex<State>

    init(_ credential: AgencyCredential) {
        self.credential = credential
        state = Mutex(State(audience: credential.audience))
    }

    /// The name of the ledger, once it is known.
    var audience: String? { state.withLock { $0.audience } }

    func learn(audience: String) { state.withLock { $0.audience = $0.audience ?? audience } }

    /// A token that is good for a while; nil as long as nobody knows for which ledger.
    ///
    /// - Parameter now: In seconds since 1970.
    func token(now: Int64) throws(ClientError) -> String? {
        let found = state.withLock { state -> Result<String?, ClientError> in
            guard let audience = state.audience else { return .success(nil) }
            if let token = state.token, now < token.end - Self.margin { return .success(token.text) }
            // A clock that is a little ahead is no reason to be refused.
            let token = AccessToken(
                agency: credential.agency, key: credential.keyID, audience: audience, issued: now,
                expires: now + Self.lifetime, id: UUID().uuidString, officer: credential.officer,
                role: credential.role, purpose: credential.purpose, caseName: credential.caseName)
            guard let text = try? token.signed(by: credential.privateKey) else {
                return .failure(ClientError(.invalidSettings, "The key \(credential.keyID) cannot sign."))
            }
            state.token = (text, now + Self.lifetime)
            return .success(text)
        }
        return try found.get()
    }

    /// Forgets the token: the server does not take it.
    func forget() { state.withLock { $0.token = nil } }
}
