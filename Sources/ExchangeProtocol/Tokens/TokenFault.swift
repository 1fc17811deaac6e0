/// Why a token is not accepted.
public enum TokenFault: Error, Sendable, Hashable {
    /// It cannot be read.
    case malformed(String)
    case expired, notYet, livesTooLong
    /// It is for another ledger.
    case wrongAudience(String)
    /// The charter has no such key, or the key is another agency's, no longer in force or revoked.
    case unknownKey(String)
    case wrongSignature
    case revoked
    /// It counts only with a certificate that was not shown.
    case wrongCertificate
    /// The officer does not hold the role, or nobody of the agency does.
    case wrongRole(String)
}

extension Problem {
    /// What it is to who handed the token in (RFC 6750, section 3.1).
    public init(_ fault: TokenFault) {
        let (code, detail): (String, String) =
            switch fault {
            case .malformed(let why): ("malformedToken", "The token cannot be read: \(why). Issue another.")
            case .expired: ("expiredToken", "The token has expired. Issue another.")
            case .notYet:
                ("tokenNotYetValid", "The token was issued in the future. Set the clock of the machine that issues it.")
            case .livesTooLong:
                (
                    "tokenLivesTooLong",
                    "The token is good for more than \(AccessToken.maximumLifetime) seconds. Issue one for less."
                )
            case .wrongAudience(let origin):
                ("wrongAudience", "The token is for another ledger. Issue one whose “aud” is “\(origin)”.")
            case .unknownKey(let agency):
                (
                    "unknownKey",
                    "The charter has no such key in force for \(agency.prefix(64)). Sign with a key that it has."
                )
            case .wrongSignature:
                ("wrongSignature", "The token's signature is not that of the key it names. Sign it anew.")
            case .revoked: ("revokedToken", "The token was revoked. Issue another.")
            case .wrongCertificate:
                ("wrongCertificate", "The token counts only over a connection with its own client certificate.")
            case .wrongRole(let role):
                ("wrongRole", "By the charter the officer, or anybody of the agency, does not hold the role \(role).")
            }
        self.init(401, code, "The token is not accepted", detail)
    }
}
