internal import LMDB

/// The 64-bit hash under which the index files a type, a tag or an id: SipHash-1-3 under a key of the index's own, so
/// that nobody can choose names that collide. A hit is confirmed against the entry all the same.
///
/// Source: Aumasson and Bernstein, “SipHash: a fast short-input PRF”, with 1 and 3 rounds.
struct IndexHasher: Sendable, Hashable {
    /// What is hashed; each kind has hashes of its own.
    enum Kind: UInt8 {
        case id = 1
        case type = 2
        case tag = 3
    }

    let first: UInt64
    let second: UInt64

    /// A hasher with a new key.
    static func random() -> IndexHasher {
        IndexHasher(first: .random(in: 0 ... .max), second: .random(in: 0 ... .max))
    }

    /// The hash of a name of some kind.
    func hash(_ kind: Kind, _ name: Span<UInt8>) -> UInt64 {
        var state = State(first ^ UInt64(kind.rawValue), second)
        return state.hash(name)
    }

    /// The hash of a name of some kind.
    func hash(_ kind: Kind, _ name: String) -> UInt64 {
        hash(kind, name.utf8Span.span)
    }

    /// The state of one hash.
    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ k0: UInt64, _ k1: UInt64) {
            v0 = k0 ^ 0x736F_6D65_7073_6575
            v1 = k1 ^ 0x646F_7261_6E64_6F6D
            v2 = k0 ^ 0x6C79_6765_6E65_7261
            v3 = k1 ^ 0x7465_6462_7974_6573
        }

        mutating func hash(_ bytes: Span<UInt8>) -> UInt64 {
            var at = 0
            while at + 8 <= bytes.count {
                compress(bytes.littleEndianWord(at: at))
                at += 8
            }
            var last = UInt64(bytes.count & 0xFF) << 56
            var shift: UInt64 = 0
            while at < bytes.count {
                last |= UInt64(bytes[at]) << shift
                shift += 8
                at += 1
            }
            compress(last)
            v2 ^= 0xFF
            round()
            round()
            round()
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        private mutating func compress(_ word: UInt64) {
            v3 ^= word
            round()
            v0 ^= word
        }

        @inline(__always)
        private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
