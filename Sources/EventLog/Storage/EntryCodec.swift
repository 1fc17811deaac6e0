internal import LMDB
internal import Synchronization
internal import Transparency
internal import Zstandard

/// Puts stored values into the bytes of entries: what is stored compressed needs its dictionary. Safe from any thread.
final class EntryCodec: Sendable {
    /// Number (2, big-endian) → checksum and dictionary.
    let database: LMDBDatabase
    private let coder = ZstandardFrameCoder(maximumBytes: LogLimits.entryBytes)
    /// Dictionaries that were read, by their numbers. They never change, and there are a handful of them.
    private let known = Mutex<[UInt16: ZstandardDictionary]>([:])

    init(database: LMDBDatabase) {
        self.database = database
    }

    /// Appends the entry of a stored value.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if it is not what its header says.
    /// - Complexity: O(*n*) in the entry.
    func append(
        entryOf value: Span<UInt8>, _ header: EntryHeader, at position: Position, to bytes: inout [UInt8],
        in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) {
        guard header.codec == .zstandard else {
            bytes.append(copying: value.extracting(EntryHeader.byteCount..<value.count))
            return
        }
        bytes.reserveCapacity(bytes.count + header.length)
        EntryText.append(prefixOf: header.recorded, to: &bytes)
        try append(bodyOf: value, header, at: position, to: &bytes, in: transaction)
    }

    /// Appends what is behind the prefix of an entry that is stored compressed.
    func append(
        bodyOf value: Span<UInt8>, _ header: EntryHeader, at position: Position, to bytes: inout [UInt8],
        in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) {
        // Some bits of a frame mean nothing: what was changed is told all the same.
        let frame = value.extracting((EntryHeader.byteCount + Self.sumBytes)...)
        guard Self.sum(of: frame, at: position) == value.littleEndianHalf(at: EntryHeader.byteCount) else {
            throw LogStore.changed(position)
        }
        let dictionary = try dictionary(header.dictionary, in: transaction)
        let start = bytes.count
        do throws(ZstandardError) {
            try coder.decompress(frame, with: dictionary, to: &bytes)
        } catch {
            throw LogError(
                .corrupted,
                "The entry at position \(position) cannot be decompressed (\(error.reason)). Run `sanhu verify` and restore "
                    + "the ledger.")
        }
        guard EntryText.prefixCount + bytes.count - start == header.length else {
            throw LogError(.corrupted, "The header of the entry at position \(position) does not fit the entry.")
        }
    }

    /// Compresses the part of an entry behind its prefix, for a position: its checksum, then its frame.
    ///
    /// - Returns: nil if that is not worth it.
    func packed(
        _ body: Span<UInt8>, with dictionary: ZstandardDictionary, at position: Position, in frame: inout [UInt8]
    ) -> Bool {
        frame.removeAll(keepingCapacity: true)
        frame.append(littleEndian: UInt32(0))
        guard (try? coder.compress(body, with: dictionary, to: &frame)) != nil,
            frame.count < body.count + EntryText.prefixCount
        else { return false }
        let sum = Self.sum(of: frame.span.extracting(Self.sumBytes...), at: position)
        for at in 0..<Self.sumBytes { frame[at] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * at)) }
        return true
    }

    /// How many bytes stand before a frame.
    static let sumBytes = 4

    /// The checksum of a frame: the low half of its XXH64, seeded with its position.
    static func sum(of frame: Span<UInt8>, at position: Position) -> UInt32 {
        UInt32(truncatingIfNeeded: XXHash64.hash(frame, seed: position))
    }

    /// - Throws: ``LogError`` with code `.corrupted` if there is none of that number, or it is damaged.
    func dictionary(
        _ number: UInt16, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> ZstandardDictionary {
        if let dictionary = known.withLock({ $0[number] }) { return dictionary }
        let key = Self.key(number)
        var bytes: [UInt8]?
        do throws(LMDBError) {
            if let value = try transaction.value(for: key.span, in: database) { bytes = Self.sound(value, key.span) }
        } catch {
            throw LogError(error)
        }
        guard let bytes, let dictionary = try? ZstandardDictionary(bytes) else {
            throw LogError(
                .corrupted,
                "The dictionary \(number), by which entries are compressed, is missing or damaged. Run `sanhu verify` and "
                    + "restore the ledger from a snapshot.")
        }
        known.withLock { $0[number] = dictionary }
        return dictionary
    }

    // MARK: How dictionaries are stored

    static func key(_ number: UInt16) -> [UInt8] {
        var key: [UInt8] = []
        key.append(bigEndian: number)
        return key
    }

    /// A dictionary as it is stored: XXH64 of it, seeded with XXH64 of the key, before it.
    static func stored(_ dictionary: [UInt8], _ key: Span<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(8 + dictionary.count)
        value.append(littleEndian: XXHash64.hash(dictionary.span, seed: XXHash64.hash(key)))
        value += dictionary
        return value
    }

    /// The dictionary in a stored value; nil if it is not as it was written.
    static func sound(_ value: Span<UInt8>, _ key: Span<UInt8>) -> [UInt8]? {
        guard value.count > 8 else { return nil }
        let bytes = value.copied(from: 8, to: value.count)
        let sum = XXHash64.hash(bytes.span, seed: XXHash64.hash(key))
        return sum == value.littleEndianWord(at: 0) ? bytes : nil
    }
}
