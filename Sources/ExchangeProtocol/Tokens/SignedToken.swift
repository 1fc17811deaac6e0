internal import Crypto
internal import JSON
internal import Transparency

/// A token as it came: what it says, and the signature that is still to be held against a key.
public struct SignedToken: Sendable {
    public let token: AccessToken
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// Reads a token. Nothing of it is believed yet.
    ///
    /// - Throws: ``TokenFault`` with `.malformed`, which says what is wrong with it, but never repeats it.
    public init(_ text: some StringProtocol) throws(TokenFault) {
        guard text.utf8.count <= AccessToken.maximumTextBytes else {
            throw .malformed("it has more than \(AccessToken.maximumTextBytes) bytes")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("it is not of three parts joined by dots") }
        guard let header = Self.object(parts[0]), let payload = Self.object(parts[1]) else {
            throw .malformed("its header or its claims are not base64url of a JSON object")
        }
        guard header["alg"]?.string == "EdDSA" else { throw .malformed("its algorithm is not EdDSA") }
        // What must be understood, RFC 7515 section 4.1.11, is not.
        guard header["crit"] == nil, let key = header["kid"]?.string else {
            throw .malformed("its header names no key, or says “crit”")
        }
        guard let signature = Base64.decode(parts[2], .url), signature.count == 64 else {
            throw .malformed("its signature is not base64url of 64 bytes")
        }
        token = try AccessToken(payload, key: key)
        signed = Array(parts[0].utf8) + [UInt8(ascii: ".")] + Array(parts[1].utf8)
        self.signature = signature
    }

    /// Whether a key signed it.
    ///
    /// - Parameter publicKey: The 32 bytes of an Ed25519 key.
    public func isSigned(by publicKey: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: signed)
    }

    private static func object(_ text: some StringProtocol) -> JSONValue? {
        guard let bytes = Base64.decode(text, .url), let root = try? JSONDocument(parsing: bytes).root,
            root.kind == .object
        else { return nil }
        return root
    }
}

extension AccessToken {
    fileprivate init(_ claims: JSONValue, key: String) throws(TokenFault) {
        func text(_ name: String) throws(TokenFault) -> String? {
            guard let value = claims[name] else { return nil }
            guard let text = value.string, !text.isEmpty else { throw .malformed("its “\(name)” is no text") }
            return text
        }
        func needed(_ name: String) throws(TokenFault) -> String {
            guard let text = try text(name) else { throw .malformed("it has no “\(name)”") }
            return text
        }
        func seconds(_ name: String) throws(TokenFault) -> Int64 {
            guard let value = claims[name]?.integer, (0..<1 << 40).contains(value) else {
                throw .malformed("it has no “\(name)” in whole seconds")
            }
            return value
        }
        var certificate: String?
        if let confirmation = claims["cnf"] {
            guard let thumbprint = confirmation["x5t#S256"]?.string, confirmation.members.count == 1 else {
                throw .malformed("its “cnf” is not the SHA-256 of a certificate")
            }
            certificate = thumbprint
        }
        self.init(
            agency: try needed("iss"), key: key, audience: try needed("aud"), issued: try seconds("iat"),
            expires: try seconds("exp"), id: try needed("jti"), officer: try text("officer"), role: try text("role"),
            purpose: try text("purpose"), caseName: try text("case"), certificate: certificate)
    }
}
