public import JSON

/// An SD-JWT, or an SD-JWT+KB, in its compact form: `<JWT>~<Disclosure>~…~` or `<JWT>~<Disclosure>~…~<KB-JWT>`.
///
/// Source: RFC 9901, sections 4, 4.3 and 7.3. Not here: verifying signatures and keys (``SignedToken`` has what that
/// needs), the JWS JSON serialisation (section 8), hash functions other than SHA-256, and what depends on the verifier:
/// `exp`, `nbf`, the nonce, the audience and the age of a Key Binding JWT.
public struct SDJWT: Sendable, CustomStringConvertible {
    /// The issuer-signed JWT.
    public let token: SignedToken
    /// The disclosures in their order.
    public let disclosures: [Disclosure]
    /// The Key Binding JWT, which makes it an SD-JWT+KB.
    public let keyBinding: SignedToken?

    private let text: [UInt8]
    /// How much of the text is the SD-JWT without its Key Binding JWT.
    private let boundCount: Int
    private let limits: DisclosureLimits

    /// Takes an SD-JWT apart.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedToken`, `.malformedDisclosure`, `.tooMany` or `.tooLarge`.
    /// - Complexity: O(*n*) in the number of characters.
    public init(
        _ text: some StringProtocol, limits: DisclosureLimits = DisclosureLimits()
    ) throws(DisclosureError) {
        let bytes = Array(text.utf8)
        let maximum = limits.maximumPayloadBytes
        guard bytes.count <= maximum else {
            throw DisclosureError(.tooLarge, "An SD-JWT has at most \(maximum) bytes; this has \(bytes.count).")
        }
        let parts = bytes.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last else {
            throw DisclosureError(.malformedToken, "An SD-JWT has a “~” after its JWT and after each disclosure.")
        }
        guard parts.count - 2 <= limits.maximumDisclosures else {
            throw DisclosureError(
                .tooMany,
                "At most \(limits.maximumDisclosures) disclosures are taken; these are \(parts.count - 2).")
        }
        token = try SignedToken(parts[0], limits: limits)
        var disclosures: [Disclosure] = []
        for part in parts[1..<parts.count - 1] {
            disclosures.append(try Disclosure(encoded: Array(part), limits: limits))
        }
        self.disclosures = disclosures
        keyBinding = last.isEmpty ? nil : try SignedToken(last, limits: limits)
        self.text = bytes
        boundCount = bytes.count - last.count
        self.limits = limits
    }

    /// The payload as it reads with the disclosures: ``SealedPayload/processed(with:)``. The signature is not verified.
    ///
    /// - Throws: ``DisclosureError``, as that and ``SealedPayload/init(_:limits:)`` do.
    public func processedPayload() throws(DisclosureError) -> [UInt8] {
        try SealedPayload(token.payload, limits: limits).processed(with: disclosures)
    }

    /// Checks that the Key Binding JWT is one and is bound to this very JWT with these very disclosures (sections 4.3
    /// and 4.3.1): its `typ`, the presence of `iat`, `aud` and `nonce`, and its `sd_hash`.
    ///
    /// - Returns: Its payload, of which the verifier checks nonce, audience and time.
    /// - Throws: ``DisclosureError`` with code `.missingKeyBinding` or `.wrongKeyBinding`.
    public func checkKeyBinding() throws(DisclosureError) -> JSONDocument {
        guard let keyBinding else {
            throw DisclosureError(.missingKeyBinding, "The SD-JWT comes without a Key Binding JWT.")
        }
        guard keyBinding.header.root["typ"]?.string == "kb+jwt" else {
            throw DisclosureError(.wrongKeyBinding, "The Key Binding JWT's type is not “kb+jwt”.")
        }
        let claims: JSONDocument
        do throws(JSONError) {
            claims = try JSONDocument(parsing: keyBinding.payload, limits: limits.payload)
        } catch {
            throw DisclosureError(.wrongKeyBinding, "The Key Binding JWT's payload is not JSON: \(error).")
        }
        guard claims.root["iat"]?.double != nil, claims.root["aud"]?.string != nil, claims.root["nonce"]?.string != nil
        else {
            throw DisclosureError(.wrongKeyBinding, "The Key Binding JWT lacks one of “iat”, “aud” and “nonce”.")
        }
        // A hash of the text is made as that of a disclosure is.
        let hash = DisclosureDigest(ofEncoded: Array(text[..<boundCount]))
        guard claims.root["sd_hash"]?.string == hash.description else {
            throw DisclosureError(
                .wrongKeyBinding, "The Key Binding JWT is bound to another JWT or to other disclosures.")
        }
        return claims
    }

    /// The compact form.
    public var description: String { String(decoding: text, as: UTF8.self) }
}
