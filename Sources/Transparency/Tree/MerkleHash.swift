internal import Crypto

/// A SHA-256 hash of the tree: of an entry (a leaf) or of two subtrees (a node).
///
/// Source: RFC 6962, section 2.1. Leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right); the empty tree has
/// the hash of nothing.
public struct MerkleHash: Hashable, Sendable, CustomStringConvertible {
    /// How many bytes a hash has.
    public static let byteCount = 32

    /// The bytes as they lie in memory, eight a word.
    package let words: InlineArray<4, UInt64>

    /// Takes a hash from its 32 bytes.
    ///
    /// - Returns: nil if there are not exactly 32.
    public init?(_ bytes: Span<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(bytes, at: 0)
    }

    /// Takes a hash from its 32 bytes.
    ///
    /// - Returns: nil if there are not exactly 32.
    public init?(_ bytes: [UInt8]) {
        self.init(bytes.span)
    }

    /// Takes a hash from 32 bytes at an offset, which must be there.
    package init(_ bytes: Span<UInt8>, at offset: Int) {
        precondition(offset >= 0 && offset + Self.byteCount <= bytes.count, "a hash beyond the end")
        words = unsafe bytes.withUnsafeBytes { bytes in
            InlineArray { unsafe bytes.loadUnaligned(fromByteOffset: offset + $0 * 8, as: UInt64.self) }
        }
    }

    /// Takes a hash from its standard base64 text.
    ///
    /// - Returns: nil if the text is not the base64 of 32 bytes.
    public init?(base64 text: some StringProtocol) {
        guard let bytes = Base64.decode(text) else { return nil }
        self.init(bytes)
    }

    private init(digest: SHA256Digest) {
        words = unsafe digest.withUnsafeBytes { bytes in
            InlineArray { unsafe bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self) }
        }
    }

    /// The hash of the empty tree.
    public static let emptyTree = MerkleHash(digest: SHA256.hash(data: [UInt8]()))

    /// The hash of an entry as a leaf.
    ///
    /// - Complexity: O(*n*) in the entry's bytes.
    public static func leaf(_ entry: Span<UInt8>) -> MerkleHash {
        leaf(entry, InlineArray<0, UInt8>(repeating: 0).span)
    }

    /// The hash of an entry that lies in two pieces.
    public static func leaf(_ first: Span<UInt8>, _ second: Span<UInt8>) -> MerkleHash {
        var hasher = SHA256()
        let prefix: InlineArray<1, UInt8> = [0]
        Self.update(&hasher, prefix.span)
        Self.update(&hasher, first)
        Self.update(&hasher, second)
        return MerkleHash(digest: hasher.finalize())
    }

    /// The hash of the node over two subtrees.
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        // The prefix is the last byte before the two hashes, so that all 65 lie side by side.
        var input = InlineArray<9, UInt64>(repeating: UInt64(1).bigEndian)
        for word in 0..<4 {
            input[1 + word] = left.words[word]
            input[5 + word] = right.words[word]
        }
        var hasher = SHA256()
        unsafe input.span.withUnsafeBytes {
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[7...]))
        }
        return MerkleHash(digest: hasher.finalize())
    }

    /// Hashes bytes where they lie. This type is the one place outside the wrappers of C that lends out pointers: the hash
    /// function takes no spans.
    private static func update(_ hasher: inout SHA256, _ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    }

    /// The hash's 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        append(to: &bytes)
        return bytes
    }

    /// Appends the hash's 32 bytes.
    public func append(to bytes: inout [UInt8]) {
        unsafe words.span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    /// The hash in standard base64, as checkpoints and proofs write it.
    public var base64: String { Base64.encode(bytes) }

    public var description: String { base64 }

    public static func == (left: MerkleHash, right: MerkleHash) -> Bool {
        left.words[0] == right.words[0] && left.words[1] == right.words[1] && left.words[2] == right.words[2]
            && left.words[3] == right.words[3]
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words[0])
        hasher.combine(words[1])
    }
}
