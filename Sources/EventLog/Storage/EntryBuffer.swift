internal import LMDB

/// One entry after another, as they are hashed: memory that is used again, and a time that is written out once for entries that were
/// recorded together.
struct EntryBuffer {
    private(set) var bytes: [UInt8] = []
    /// The time in the prefix at hand.
    private var recorded: Timestamp?

    /// Puts the entry of a stored value in the place of the one before.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if it is not what its header says.
    mutating func load(
        _ value: Span<UInt8>, _ header: EntryHeader, at position: Position, _ codec: EntryCodec,
        in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) {
        guard header.codec == .zstandard else {
            recorded = nil
            bytes.removeAll(keepingCapacity: true)
            bytes.append(copying: value.extracting(EntryHeader.byteCount..<value.count))
            return
        }
        if recorded == header.recorded {
            bytes.removeSubrange(EntryText.prefixCount...)
        } else {
            bytes.removeAll(keepingCapacity: true)
            EntryText.append(prefixOf: header.recorded, to: &bytes)
            recorded = header.recorded
        }
        try codec.append(bodyOf: value, header, at: position, to: &bytes, in: transaction)
    }
}
