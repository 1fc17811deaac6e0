public import JSON
internal import Transparency

/// A JWT in its compact form (RFC 7515, section 7.1; RFC 7519), taken apart.
///
/// Its signature is not verified here: keys, and which algorithms are good enough, are the caller's. What a verifier
/// needs is ``algorithm``, ``signedBytes`` and ``signature``.
public struct SignedToken: Sendable {
    /// The protected header.
    public let header: JSONDocument
    /// The payload as it was signed.
    public let payload: [UInt8]
    /// What the signature is over: header and payload in base64url with a dot between.
    public let signedBytes: [UInt8]
    public let signature: [UInt8]

    /// The header's `alg`; never `none`.
    public let algorithm: String

    /// Takes a token apart.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedToken`.
    init(_ text: ArraySlice<UInt8>, limits: DisclosureLimits) throws(DisclosureError) {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64.decode(Array(parts[0]).span, .url),
            let payload = Base64.decode(Array(parts[1]).span, .url),
            let signature = Base64.decode(Array(parts[2]).span, .url), !signature.isEmpty
        else {
            throw DisclosureError(.malformedToken, "A token is not three parts of base64url with dots between.")
        }
        do throws(JSONError) {
            self.header = try JSONDocument(parsing: header, limits: limits.payload)
        } catch {
            throw DisclosureError(.malformedToken, "A token's header is not JSON that is accepted: \(error).")
        }
        guard let algorithm = self.header.root["alg"]?.string, !algorithm.isEmpty, algorithm.lowercased() != "none"
        else {
            throw DisclosureError(.malformedToken, "A token's header names no algorithm it is signed with.")
        }
        self.payload = payload
        self.signature = signature
        self.algorithm = algorithm
        signedBytes = Array(parts[0]) + [UInt8(ascii: ".")] + Array(parts[1])
    }
}
