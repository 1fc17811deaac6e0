public import Crypto

/// As whom a client calls.
public enum ClientCredential: Sendable {
    /// As the public.
    case anonymous
    /// With a token that somebody issued.
    case token(String)
    /// With an agency's key, by which the client signs tokens for itself, each good for a quarter of an hour.
    case key(AgencyCredential)
    /// With the client certificate of the settings alone.
    case certificate
    /// As an agency, with no proof of it: a server in development mode believes it.
    case development(agency: String)
}

/// A key that the charter has for an agency, and what tokens signed with it say.
public struct AgencyCredential: Sendable {
    public var agency: String
    /// The id that the key has in the charter.
    public var keyID: String
    public var privateKey: Curve25519.Signing.PrivateKey
    /// The name of the ledger that tokens are for; nil to ask the server for it.
    public var audience: String?
    public var officer: String?
    public var role: String?
    public var purpose: String?
    public var caseName: String?

    public init(
        agency: String, keyID: String, privateKey: Curve25519.Signing.PrivateKey, audience: String? = nil,
        officer: String? = nil, role: String? = nil, purpose: String? = nil, caseName: String? = nil
    ) {
        (self.agency, self.keyID, self.privateKey, self.audience) = (agency, keyID, privateKey, audience)
        (self.officer, self.role, self.purpose, self.caseName) = (officer, role, purpose, caseName)
    }
}
