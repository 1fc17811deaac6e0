public import Crypto
public import EventLog
internal import JSON
internal import Transparency

/// A short-lived token by which a member says who asks, signed with a key of the agency that stands in the charter.
///
/// Source: RFC 7515, compact serialisation; RFC 8037, `EdDSA` over Ed25519, the one algorithm there is; RFC 7519 for the
/// claims `iss`, `aud`, `iat`, `exp`, `jti`; RFC 8705, section 3.1, for `cnf`. Beside these it has `officer`, `role`,
/// `purpose` and `case`.
public struct AccessToken: Sendable, Hashable {
    /// The most bytes of its text.
    public static let maximumTextBytes = 4_096
    /// The longest that one is good for, in seconds.
    public static let maximumLifetime: Int64 = 3_600

    /// The id of the key in the charter: the header's `kid`.
    public let key: String
    /// The agency: `iss`.
    public let agency: String
    /// The name of the ledger that it is for: `aud`.
    public let audience: String
    /// In seconds since 1970: `iat` and `exp`.
    public let issued: Int64
    public let expires: Int64
    /// What it is known by, so that it can be revoked: `jti`.
    public let id: String
    public let officer: String?
    public let role: String?
    public let purpose: String?
    public let caseName: String?
    /// SHA-256 of the client certificate with which alone it counts, base64url: `cnf`, `x5t#S256`.
    public let certificate: String?

    public init(
        agency: String, key: String, audience: String, issued: Int64, expires: Int64, id: String,
        officer: String? = nil, role: String? = nil, purpose: String? = nil, caseName: String? = nil,
        certificate: String? = nil
    ) {
        self.agency = agency
        self.key = key
        self.audience = audience
        self.issued = issued
        self.expires = expires
        self.id = id
        self.officer = officer
        self.role = role
        self.purpose = purpose
        self.caseName = caseName
        self.certificate = certificate
    }

    /// When it ends.
    public var end: Timestamp {
        Timestamp(microseconds: expires.multipliedReportingOverflow(by: 1_000_000).partialValue)
    }

    /// The token as it is handed in, signed.
    ///
    /// - Throws: What the key throws that cannot sign.
    public func signed(by privateKey: Curve25519.Signing.PrivateKey) throws -> String {
        var header = JSONWriter()
        header.object { json in
            json.member("alg", "EdDSA")
            json.member("kid", key)
            json.member("typ", "JWT")
        }
        var payload = JSONWriter()
        payload.object { json in
            json.member("iss", agency)
            json.member("aud", audience)
            json.member("iat", issued)
            json.member("exp", expires)
            json.member("jti", id)
            if let officer { json.member("officer", officer) }
            if let role { json.member("role", role) }
            if let purpose { json.member("purpose", purpose) }
            if let caseName { json.member("case", caseName) }
            guard let certificate else { return }
            json.key("cnf")
            json.object { $0.member("x5t#S256", certificate) }
        }
        let text = Base64.encode(header.bytes, .url) + "." + Base64.encode(payload.bytes, .url)
        return text + "." + Base64.encode(Array(try privateKey.signature(for: Array(text.utf8))), .url)
    }
}
