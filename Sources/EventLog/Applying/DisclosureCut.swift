internal import LMDB

/// An order to cut disclosures down to their first bytes.
struct DisclosureCut: Sendable {
    /// What is stored under it in the database `state`.
    static let markKey = Array("cut".utf8)

    let places: [DisclosurePlace]
    /// How many bytes of each are kept.
    let keeping: Int
    /// What is to be noted in the same commit, or nil.
    let mark: UInt64?

    /// The mark of a log; 0 before there is one.
    static func mark(of store: LogStore, in transaction: borrowing some LMDBReading & ~Copyable) throws(LogError)
        -> UInt64
    {
        do throws(LMDBError) {
            guard let bytes = try transaction.value(for: markKey.span, in: store.state) else { return 0 }
            guard bytes.count == 8 else {
                throw LMDBError(.corrupted, "read the mark of cut disclosures", "it has \(bytes.count) bytes, not 8")
            }
            return bytes.littleEndianWord(at: 0)
        } catch {
            throw LogError(error)
        }
    }

    /// Carries it out. What is not there, or is as short already, stays as it is.
    ///
    /// - Returns: Whether anything was written.
    func apply(to store: LogStore, in transaction: inout LMDBWriteTransaction) throws(LogError) -> Bool {
        var hasWritten = false
        do throws(LMDBError) {
            for place in places {
                let key = LogStore.disclosureKey(position: place.position, ordinal: place.ordinal)
                guard let kept = try kept(of: key, store, in: transaction) else { continue }
                let cut = DisclosureRow.bytes(kept, key: key.span)
                try transaction.put(cut.span, for: key.span, in: store.disclosures)
                hasWritten = true
            }
            if let mark {
                var bytes: [UInt8] = []
                bytes.append(littleEndian: mark)
                try transaction.put(bytes.span, for: Self.markKey.span, in: store.state)
                hasWritten = true
            }
        } catch {
            throw LogError(error)
        }
        return hasWritten
    }

    /// What is kept of a disclosure, or nil if nothing is to be cut off.
    private func kept(
        of key: [UInt8], _ store: LogStore, in transaction: borrowing LMDBWriteTransaction
    ) throws(LMDBError) -> [UInt8]? {
        guard let row = try transaction.value(for: key.span, in: store.disclosures) else { return nil }
        return DisclosureRow.beginning(of: row, count: keeping)
    }
}
