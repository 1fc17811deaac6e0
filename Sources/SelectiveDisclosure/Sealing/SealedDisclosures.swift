internal import JSON

/// The disclosures that a sealer made, one after another in one array of bytes.
package struct SealedDisclosures: Sendable {
    /// The JSON of all of them; those within others come first.
    package internal(set) var bytes: [UInt8] = []
    /// Where the JSON of each mark's disclosure stands in ``bytes``.
    package internal(set) var ranges: [Range<Int>] = []
    /// The digest of each mark's disclosure.
    package internal(set) var digests: [DisclosureDigest] = []

    /// The JSON of a mark's disclosure; base64url of it is the disclosure.
    package func json(_ mark: Int) -> ArraySlice<UInt8> { bytes[ranges[mark]] }

    mutating func reset(marks: Int) {
        bytes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        digests.removeAll(keepingCapacity: true)
        ranges.append(contentsOf: repeatElement(0..<0, count: marks))
        digests.append(contentsOf: repeatElement(Self.none, count: marks))
    }

    /// Stands for a digest that has not been made yet.
    private static let none = DisclosureDigest(ofEncoded: [])
}
