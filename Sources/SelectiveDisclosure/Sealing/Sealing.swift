internal import JSON

/// A payload in which values have been replaced by digests, and the disclosures that show what they were.
///
/// Source: RFC 9901, sections 4.2.4 (embedding digests), 4.2.5 (decoys) and 4.2.6 (recursive disclosures).
public struct Sealing: Sendable {
    /// The payload with digests: compact, members in their order, `_sd` the last of its object with its digests sorted.
    /// There is no `_sd_alg`; sha-256 is what its absence means (section 4.1.1).
    public let payload: [UInt8]
    /// One disclosure for each mark, in the order of the marks. One within another is recursive: it is of use only with
    /// the other.
    public let disclosures: [Disclosure]

    /// Seals a payload.
    ///
    /// - Parameters:
    ///   - payload: A JSON object; white space between its tokens is dropped, nothing else is changed.
    ///   - marks: What to seal, in any order. A mark may be within another.
    ///   - paddings: How many digests objects and arrays are to have; others have one for each mark.
    /// - Throws: ``DisclosureError`` with code `.malformedPayload`, `.tooLarge`, `.tooDeep`, `.tooMany`,
    ///   `.reservedName` if a key of the payload is one of the format's, `.invalidMark`, `.repeatedSalt`, `.wrongCount`
    ///   or `.repeatedDigest`.
    /// - Complexity: O(*n* + *m* log *m*) in the bytes of the payload and the number of marks.
    public init(
        _ payload: [UInt8], marks: [SealMark], paddings: [SealPadding] = [],
        limits: DisclosureLimits = DisclosureLimits()
    ) throws(DisclosureError) {
        let document = try SealedPayload.document(payload, limits)
        guard marks.count <= limits.maximumDisclosures else {
            throw DisclosureError(.tooMany, "At most \(limits.maximumDisclosures) values of a payload are sealed.")
        }
        var order: [(mark: Int, node: Int)] = []
        for (index, mark) in marks.enumerated() {
            order.append((index, try Self.node(mark.pointer, in: document)))
        }
        order.sort { $0.node < $1.node }
        var nodePaddings: [PayloadSealer.Padding] = []
        for padding in paddings {
            nodePaddings.append(
                PayloadSealer.Padding(
                    node: try Self.node(padding.pointer, in: document), count: padding.count, decoys: padding.decoys))
        }
        nodePaddings.sort { $0.node < $1.node }
        let digests = marks.count + paddings.reduce(0) { $0 + $1.decoys.count }
        guard digests <= limits.maximumDigests else {
            throw DisclosureError(.tooMany, "A payload has at most \(limits.maximumDigests) digests.")
        }
        var sealer = PayloadSealer()
        try sealer.seal(
            document.bytes, document.tape,
            marks: order.map { PayloadSealer.Mark(node: $0.node, salt: marks[$0.mark].salt) }, paddings: nodePaddings)
        self.payload = sealer.payload
        var disclosures: [(mark: Int, disclosure: Disclosure)] = []
        for (place, mark) in order.map(\.mark).enumerated() {
            disclosures.append((mark, try Disclosure(json: Array(sealer.disclosures.json(place)), limits: limits)))
        }
        self.disclosures = disclosures.sorted { $0.mark < $1.mark }.map(\.disclosure)
    }

    private static func node(_ pointer: JSONPointer, in document: JSONDocument) throws(DisclosureError) -> Int {
        guard let value = document.root.value(at: pointer) else {
            throw DisclosureError(
                .invalidMark, at: pointer, "There is nothing at “\(pointer)” that could be sealed or padded.")
        }
        return value.index
    }
}
