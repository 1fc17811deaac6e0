internal import JSON
internal import LMDB
internal import Transparency

/// What the index on disk covers: its runs, in the order of positions without gaps, and the tree they were made from.
struct IndexManifest: Sendable, Hashable {
    static let key = Array("manifest".utf8)
    static let format: Int64 = 2

    /// One run: the index of a stretch of the log.
    struct Run: Sendable, Hashable {
        let id: UInt32
        let base: Position
        let count: Int
        /// How many different hashes it has.
        let keys: Int
        let checksum: RunChecksum

        var end: Position { base + UInt64(count) }
    }

    var hasher: IndexHasher
    var runs: [Run] = []
    var nextRun: UInt32 = 1
    /// The root of the tree over all that the runs cover.
    var root = MerkleHash.emptyTree

    init(hasher: IndexHasher) {
        self.hasher = hasher
    }

    /// How many entries of the log the runs cover.
    var size: Position { runs.last?.end ?? 0 }

    /// Reads a manifest.
    ///
    /// - Returns: nil if it is damaged or of another format: the index is then made anew.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 8, bytes.span.littleEndianWord(at: 0) == XXHash64.hash(bytes.span.extracting(8...)),
            let root = try? JSONDocument(parsing: Array(bytes[8...])).root, root["format"]?.integer == Self.format,
            let first = Self.word(root["hasher"]?.elements.first),
            let second = Self.word(root["hasher"]?.elements.last),
            let nextRun = root["nextRun"]?.integer.flatMap({ UInt32(exactly: $0) }),
            let treeRoot = root["root"]?.string.flatMap({ MerkleHash(base64: $0) })
        else { return nil }
        hasher = IndexHasher(first: first, second: second)
        self.nextRun = nextRun
        self.root = treeRoot
        var end: Position = 0
        for value in root["runs"]?.elements ?? [] {
            guard let id = value["id"]?.integer.flatMap({ UInt32(exactly: $0) }), id < nextRun,
                let base = value["base"]?.integer.flatMap({ UInt64(exactly: $0) }), base == end,
                let count = value["count"]?.integer, count > 0, let keys = value["keys"]?.integer,
                let low = Self.word(value["checksum"]?.elements.first),
                let high = Self.word(value["checksum"]?.elements.last)
            else { return nil }
            runs.append(
                Run(
                    id: id, base: base, count: Int(count), keys: Int(keys),
                    checksum: RunChecksum(low: low, high: high)))
            end = base + UInt64(count)
        }
    }

    /// The manifest as it is stored: the checksum (8, little-endian) of the JSON text after it.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let text = json
        bytes.append(littleEndian: XXHash64.hash(text.span))
        return bytes + text
    }

    private var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", Self.format)
            writer.key("hasher")
            writer.array { writer in
                writer.string(String(hasher.first, radix: 16))
                writer.string(String(hasher.second, radix: 16))
            }
            writer.member("nextRun", Int64(nextRun))
            writer.member("root", root.base64)
            writer.key("runs")
            writer.array { writer in
                for run in runs {
                    writer.object { writer in
                        writer.member("id", Int64(run.id))
                        writer.member("base", Int64(run.base))
                        writer.member("count", Int64(run.count))
                        writer.member("keys", Int64(run.keys))
                        writer.key("checksum")
                        writer.array { writer in
                            writer.string(String(run.checksum.low, radix: 16))
                            writer.string(String(run.checksum.high, radix: 16))
                        }
                    }
                }
            }
        }
        return writer.bytes
    }

    private static func word(_ value: JSONValue?) -> UInt64? {
        value?.string.flatMap { UInt64($0, radix: 16) }
    }
}
