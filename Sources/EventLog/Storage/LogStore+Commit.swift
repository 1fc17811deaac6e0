internal import LMDB

extension LogStore {
    /// So little room that a write may have been cut short for want of it.
    private static let scarceBytes: UInt64 = 256 << 10

    /// Commits.
    ///
    /// - Throws: ``LogError``; `.diskFull` also where LMDB speaks of an error of input and output: that is its word for a
    ///   write that was cut short, which is how a disk that fills up in the middle of a commit shows itself. Nothing of
    ///   the transaction is there then, and the next one writes its pages anew.
    func commit(_ transaction: consuming LMDBWriteTransaction) throws(LogError) {
        do throws(LMDBError) {
            try transaction.commit()
        } catch {
            let room = FreeSpace.bytes(at: environment.path) ?? .max
            guard error.code == .inputOutput, room < Self.scarceBytes else { throw LogError(error) }
            throw LogError(LMDBError(.diskFull, error.operation, error.message))
        }
    }
}
