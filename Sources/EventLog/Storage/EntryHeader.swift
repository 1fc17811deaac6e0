internal import LMDB
internal import Transparency

/// What stands before an entry in the log's file: how it is stored, and what is asked of it most.
///
/// 48 bytes, integers little-endian: codec (1), flags (1), dictionary (2), length of the entry (4), recorded (8), leaf
/// hash (32). See docs/file-format.md.
struct EntryHeader {
    static let byteCount = 48

    /// How an entry's bytes are stored.
    enum Codec: UInt8 {
        /// As they are.
        case plain = 0
        /// Compressed by Zstandard with the dictionary of that number.
        case zstandard = 1
    }

    let codec: Codec
    let dictionary: UInt16
    let length: Int
    let recorded: Timestamp
    let leafHash: MerkleHash

    /// The header of an entry that is stored as it is, or compressed with a dictionary.
    ///
    /// - Parameters:
    ///   - length: Of the entry, not of what is stored.
    ///   - dictionary: Its number; 0 if the entry is stored as it is.
    init(length: Int, recorded: Timestamp, leafHash: MerkleHash, dictionary: UInt16 = 0) {
        codec = dictionary == 0 ? .plain : .zstandard
        self.dictionary = dictionary
        self.length = length
        self.recorded = recorded
        self.leafHash = leafHash
    }

    /// Reads the header of a stored value.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if the value is too short or contradicts itself, `.newerFormat` if
    ///   its codec is not known here.
    init(of value: Span<UInt8>, at position: Position) throws(LogError) {
        guard value.count >= Self.byteCount else {
            throw LogError(.corrupted, "The entry at position \(position) is shorter than its header.")
        }
        guard let codec = Codec(rawValue: value[0]) else {
            throw LogError(
                .newerFormat, "The entry at position \(position) is stored by codec \(value[0]), unknown here.")
        }
        self.codec = codec
        dictionary = value.littleEndianQuarter(at: 2)
        length = Int(value.littleEndianHalf(at: 4))
        recorded = Timestamp(microseconds: Int64(bitPattern: value.littleEndianWord(at: 8)))
        leafHash = MerkleHash(value, at: 16)
        let isWhole =
            switch codec {
            case .plain: dictionary == 0 && length == value.count - Self.byteCount
            case .zstandard:
                dictionary > 0 && length <= LogLimits.entryBytes && value.count > Self.byteCount + EntryCodec.sumBytes
            }
        guard value[1] == 0, isWhole else {
            throw LogError(.corrupted, "The header of the entry at position \(position) does not fit the entry.")
        }
    }

    /// The header as it is stored, eight bytes a word.
    var words: InlineArray<6, UInt64> {
        let first = UInt64(codec.rawValue) | UInt64(dictionary) << 16 | UInt64(UInt32(truncatingIfNeeded: length)) << 32
        let hash = leafHash.words
        return [
            first.littleEndian, UInt64(bitPattern: recorded.microseconds).littleEndian, hash[0], hash[1], hash[2],
            hash[3],
        ]
    }
}
