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
        let value = try value(at: position, in: transaction)
        let header = try EntryHeader(of: value, at: position)
        var bytes: [UInt8] = []
        try codec.append(entryOf: value, header, at: position, to: &bytes, in: transaction)
        guard MerkleHash.leaf(bytes.span) == header.leafHash else {
            throw Self.changed(position)
        }
        return Entry(position: position, recorded: header.recorded, leafHash: header.leafHash, bytes: bytes)
    }

    static func changed(_ position: Position) -> LogError {
        LogError(
            .corrupted, "The entry at position \(position) has changed. Run `sanhu verify` and restore the ledger.")
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

    /// The disclosures beside the entries at some positions, each entry's in the order of their ordinals.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` if one is not as it was written, stands out of order, or if what comes
    ///   next stands under a key that is none.
    /// - Complexity: O(*n*) in the disclosures for positions that follow one another; each that does not costs a look-up.
    func disclosures(
        at positions: [Position], in transaction: borrowing some LMDBReading & ~Copyable
    ) throws(LogError) -> DisclosureBatch {
        var batch = DisclosureBatch(reserving: positions.count)
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: disclosures)
            var key: [UInt8] = []
            // Between two positions the cursor stands on the first row behind those of the last one.
            var last: Position?
            var next: Position?
            for position in positions {
                batch.beginEntry()
                if last.map({ position <= $0 }) ?? true || next.map({ $0 < position }) ?? false {
                    key.removeAll(keepingCapacity: true)
                    key.append(bigEndian: position)
                    next = try cursor.move(toOrAfter: key.span) ? Self.position(of: cursor.key) : nil
                }
                last = position
                while next == position {
                    guard let disclosure = DisclosureRow.disclosure(in: cursor.value, key: cursor.key),
                        Int(cursor.key.littleEndianQuarter(at: 8).byteSwapped) == batch.countOfLast
                    else {
                        throw LMDBError(
                            .corrupted, "read disclosure \(batch.countOfLast) at position \(position)",
                            "it is damaged or missing")
                    }
                    batch.append(disclosure)
                    next = try cursor.moveToNext() ? Self.position(of: cursor.key) : nil
                }
            }
        } catch {
            throw LogError(error)
        }
        return batch
    }

    /// The position in a disclosure's key. One that is none would hide the rows behind it, so it is told.
    private static func position(of key: Span<UInt8>) throws(LMDBError) -> Position {
        guard key.count == 10 else {
            throw LMDBError(.corrupted, "read disclosures", "one stands under a key that is none")
        }
        return key.littleEndianWord(at: 0).byteSwapped
    }
}
