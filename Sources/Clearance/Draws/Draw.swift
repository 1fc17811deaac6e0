internal import Crypto

/// A draw by chance that anyone can run again (双随机): of objects from a pool, and of officers from theirs, by a seed to whose hash the agency was committed before.
///
/// docs/draws.md says how, and how to do it with a shell. The seed is 32 bytes; names are compared as UTF-8.
///
/// ```swift
/// let draw = try Draw(seed: seed, pool: ["container:C1", "container:C2", "container:C3"])
/// let picked = draw.picks(1)
/// ```
public struct Draw: Sendable, Hashable {
    /// The bytes of a seed.
    public static let seedBytes = 32
    /// The most objects of a pool.
    public static let poolObjects = 100_000

    public let seed: [UInt8]
    /// Each object once, in the order of bytes.
    public let pool: [String]

    /// - Parameter pool: In any order; one that is there twice counts once.
    /// - Throws: ``DrawError`` if the seed has another length, the pool is empty or has too many objects, or one of them is
    ///   empty or has a line's end in it.
    /// - Complexity: O(*n* log *n*).
    public init(seed: [UInt8], pool: [String]) throws(DrawError) {
        guard seed.count == Self.seedBytes else { throw .seed(bytes: seed.count) }
        self.seed = seed
        self.pool = try Self.ordered(pool)
    }

    /// The commitment to a seed: its SHA-256, as 64 digits in lower case.
    public static func commitment(to seed: [UInt8]) -> String { hex(SHA256.hash(data: seed)) }

    /// The hash of a pool: the SHA-256 of its objects, each with a line's end after it, as 64 digits.
    ///
    /// - Throws: ``DrawError`` as ``init(seed:pool:)``.
    public static func hash(ofPool pool: [String]) throws(DrawError) -> String {
        var hash = SHA256()
        for object in try ordered(pool) { hash.update(data: Array((object + "\n").utf8)) }
        return hex(hash.finalize())
    }

    /// The objects that are picked, in the order of picking: those whose HMAC-SHA-256 under the seed is smallest.
    ///
    /// - Parameter count: If there are fewer, all are picked.
    /// - Complexity: O(*n* log *n*).
    public func picks(_ count: Int) -> [String] { smallest(count, of: pool) { $0 } }

    /// The officers who are drawn, of those who may be: those for whom the HMAC-SHA-256 of `officer:` and their number is
    /// smallest.
    ///
    /// - Throws: ``DrawError`` if their numbers are not as names of objects must be.
    public func officers(_ count: Int, of eligible: [String]) throws(DrawError) -> [String] {
        smallest(count, of: try Self.ordered(eligible)) { "officer:" + $0 }
    }

    private func smallest(_ count: Int, of names: [String], _ text: (String) -> String) -> [String] {
        let key = SymmetricKey(data: seed)
        let weighed = names.map { name in
            (name: name, weight: Array(HMAC<SHA256>.authenticationCode(for: Array(text(name).utf8), using: key)))
        }
        return weighed.sorted { $0.weight.lexicographicallyPrecedes($1.weight) }.prefix(max(0, count)).map(\.name)
    }

    private static func ordered(_ names: [String]) throws(DrawError) -> [String] {
        guard !names.isEmpty, names.count <= poolObjects else { throw .pool(objects: names.count) }
        for name in names where name.isEmpty || name.utf8.contains(UInt8(ascii: "\n")) { throw .object(name) }
        let sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        var ordered: [String] = []
        ordered.reserveCapacity(sorted.count)
        for (index, name) in sorted.enumerated() where index == 0 || sorted[index - 1] != name {
            ordered.append(String(decoding: name, as: UTF8.self))
        }
        return ordered
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Why a draw cannot be run.
public enum DrawError: Error, Sendable, Hashable {
    case seed(bytes: Int)
    case pool(objects: Int)
    case object(String)

    /// What is wrong, and what would be right.
    public var reason: String {
        switch self {
        case .seed(let bytes): "A seed has \(Draw.seedBytes) bytes; this has \(bytes)."
        case .pool(let objects): "A pool has 1 to \(Draw.poolObjects) objects; this has \(objects)."
        case .object(let name): "“\(name.prefix(64))” is no name of an object: it is empty, or has more than one line."
        }
    }
}
