internal import LMDB
internal import Transparency

extension LogStore {
    /// Begins a read of the last commit. End it soon.
    @available(*, noasync)
    func beginRead() throws(LogError) -> LMDBReadTransaction {
        do throws(LMDBError) {
            return try environment.beginRead()
        } catch {
            throw LogError(error)
        }
    }

    /// Begins the write transaction, which belongs to this thread.
    @available(*, noasync)
    func beginWrite() throws(LogError) -> LMDBWriteTransaction {
        do throws(LMDBError) {
            return try environment.beginWrite()
        } catch {
            throw LogError(error)
        }
    }

    /// Writes the state.
    func write(_ newState: LogState, in transaction: inout LMDBWriteTransaction) throws(LogError) {
        let key = LogState.key
        let bytes = newState.bytes
        do throws(LMDBError) {
            try transaction.put(bytes.span, for: key.span, in: state)
        } catch {
            throw LogError(error)
        }
    }

    /// The header of the entry at a position.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if there is none.
    func header(
        at position: Position, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> EntryHeader {
        try EntryHeader(of: value(at: position, in: transaction), at: position)
    }

    /// A copy of the entry at a position.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if there is none, or it is not the entry that its header vouches for.
    func entry(
        at position: Position, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> Entry {
        try Self.entry(at: position, value(at: position, in: transaction))
    }

    /// A copy of the entry in a stored value.
    static func entry(at position: Position, _ value: Span<UInt8>) throws(LogError) -> Entry {
        let header = try EntryHeader(of: value, at: position)
        guard MerkleHash.leaf(value.extracting(EntryHeader.byteCount..<value.count)) == header.leafHash else {
            throw LogError(
                .corrupted, "The entry at position \(position) has changed. Run `sanhu verify` and restore the ledger.")
        }
        return Entry(
            position: position, recorded: header.recorded, leafHash: header.leafHash,
            bytes: value.copied(from: EntryHeader.byteCount, to: value.count))
    }

    /// The stored value at a position, in place.
    @_lifetime(borrow transaction)
    func value(
        at position: Position, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> Span<UInt8> {
        do throws(LMDBError) {
            if let value = try transaction.value(at: position, in: entries) { return value }
        } catch {
            throw LogError(error)
        }
        throw LogError(
            .corrupted, "The entry at position \(position) is missing. Run `sanhu verify` and restore the ledger.")
    }

    /// The disclosures beside the entry at a position, in the order of their ordinals.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if one is not as it was written, or stands out of order.
    func disclosures(
        at position: Position, in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> [[UInt8]] {
        var result: [[UInt8]] = []
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: disclosures)
            var prefix: [UInt8] = []
            prefix.append(bigEndian: position)
            var found = try cursor.move(toOrAfter: prefix.span)
            while found, cursor.key.count == 10, cursor.key.extracting(0..<8).isEqual(to: prefix.span) {
                guard let disclosure = DisclosureRow.disclosure(in: cursor.value, key: cursor.key),
                    Int(cursor.key.littleEndianQuarter(at: 8).byteSwapped) == result.count
                else {
                    throw LMDBError(
                        .corrupted, "read disclosure \(result.count) at position \(position)",
                        "it is damaged or missing")
                }
                result.append(disclosure)
                found = try cursor.moveToNext()
            }
        } catch {
            throw LogError(error)
        }
        return result
    }
}
