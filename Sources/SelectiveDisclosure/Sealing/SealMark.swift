public import JSON

/// A member of an object or an element of an array that is to be replaced by its digest, and the salt it gets.
public struct SealMark: Hashable, Sendable {
    public let pointer: JSONPointer
    public let salt: DisclosureSalt

    public init(_ pointer: JSONPointer, salt: DisclosureSalt) {
        self.pointer = pointer
        self.salt = salt
    }
}

/// How many digests an object or an array has after sealing, so that their number tells nothing of what there was.
///
/// Decoys (RFC 9901, section 4.2.5) come from the caller, who may keep something beside them that looks like what is
/// kept beside a digest. In an object they are sorted among the digests; in an array they follow the elements.
public struct SealPadding: Hashable, Sendable {
    /// The object or array; it may be within what is marked.
    public let pointer: JSONPointer
    /// How many digests there are to be: those of marked members or elements, and the decoys.
    public let count: Int
    public let decoys: [DisclosureDigest]

    public init(_ pointer: JSONPointer, count: Int, decoys: [DisclosureDigest]) {
        self.pointer = pointer
        self.count = count
        self.decoys = decoys
    }
}
