public import JSON

/// A payload with digests in the places of values, and what any disclosures make of it.
///
/// Source: RFC 9901, sections 4.1, 4.2.4 and 7.1.
public struct SealedPayload: Sendable {
    /// The payload without white space between its tokens. A hash over the payload is over the bytes it came in.
    public let document: JSONDocument
    private let limits: DisclosureLimits

    /// Reads a payload. Its digests are looked at when it is processed.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedPayload`, `.tooLarge` or `.tooDeep`.
    /// - Complexity: O(*n*) in the number of bytes.
    public init(_ bytes: [UInt8], limits: DisclosureLimits = DisclosureLimits()) throws(DisclosureError) {
        document = try Self.document(bytes, limits)
        self.limits = limits
    }

    static func document(_ bytes: [UInt8], _ limits: DisclosureLimits) throws(DisclosureError) -> JSONDocument {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(compacting: bytes, limits: limits.payload)
        } catch {
            switch error.code {
            case .tooLarge:
                throw DisclosureError(.tooLarge, "A payload has at most \(limits.maximumPayloadBytes) bytes.")
            case .tooDeep:
                throw DisclosureError(.tooDeep, "A payload is at most \(limits.maximumDepth) deep: \(error).")
            default:
                throw DisclosureError(.malformedPayload, "The payload is not JSON that is accepted: \(error).")
            }
        }
        guard document.root.kind == .object else {
            throw DisclosureError(.malformedPayload, "The payload is not a JSON object.")
        }
        return document
    }

    /// The payload as it reads with what is disclosed, once every rule has been checked: the Processed SD-JWT Payload
    /// of section 7.1, steps 2.4 and 3 to 5.
    ///
    /// What a disclosure holds is written, member by member in the order of the digests, where `_sd` stood; digests
    /// without a disclosure, `_sd` and `_sd_alg` are left out. Any subset of the disclosures will do, if what is within
    /// another comes with the other.
    ///
    /// - Returns: A compact JSON object.
    /// - Throws: ``DisclosureError`` with code `.malformedDigests`, `.unknownAlgorithm`, `.misplacedAlgorithm`,
    ///   `.reservedName`, `.nameTaken`, `.wrongPlace`, `.repeatedDigest`, `.repeatedDisclosure`,
    ///   `.unreferencedDisclosure`, `.tooMany` or `.tooDeep`. Stricter than the RFC in two points: a digest must be one
    ///   of SHA-256, and `_sd_alg` cannot be disclosed.
    /// - Complexity: O(*n* + *d* log *d*) in the bytes of payload and disclosures and the number of digests.
    public func processed(with disclosures: [Disclosure]) throws(DisclosureError) -> [UInt8] {
        try PayloadMerger(document, disclosures, limits).output
    }

    /// Every digest of the payload and of what is disclosed, in the order of the text, after the checks of
    /// ``processed(with:)``.
    public func digests(with disclosures: [Disclosure] = []) throws(DisclosureError) -> [EmbeddedDigest] {
        try PayloadMerger(document, disclosures, limits).met.all
    }

    /// ``processed(with:)`` and ``digests(with:)`` for the price of one.
    public func revealed(
        with disclosures: [Disclosure]
    ) throws(DisclosureError) -> (payload: [UInt8], digests: [EmbeddedDigest]) {
        let merger = try PayloadMerger(document, disclosures, limits)
        return (merger.output, merger.met.all)
    }

    /// Whether ``VerifiedDisclosures`` can take the payload as it is, given its bytes: compact, and no reserved name in
    /// it is written with escapes.
    package func isPlain(_ bytes: [UInt8]) -> Bool {
        document.bytes.count == bytes.count && !ReservedName.isEscaped(in: document)
    }
}
