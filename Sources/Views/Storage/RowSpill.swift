internal import LMDB

/// Where a rebuild puts sorted rows aside that it has no memory for: packed pieces under their numbers, in an environment of its
/// own, which is thrown away.
final class RowSpill: Sendable {
    private static let rowsPerCommit = 16_384

    private let environment: LMDBEnvironment
    private let pieces: LMDBDatabase
    private let pacer: Pacer?

    /// - Parameter path: A folder that exists, and that nobody else has.
    init(path: String, pacer: Pacer?) throws(LMDBError) {
        var options = LMDBEnvironment.Options(mapSize: 1 << 40, databases: 1)
        options.isSyncedLater = true
        environment = try LMDBEnvironment(path: path, options: options)
        pieces = try environment.databases(["pieces"])[0]
        self.pacer = pacer
    }

    /// Puts aside all that a merge gives.
    ///
    /// - Parameter number: That of the first piece; all pieces so far have lower ones.
    /// - Returns: The numbers of the pieces.
    @available(*, noasync)
    func put(_ merge: consuming RowMerge, from number: UInt64) throws(LMDBError) -> Range<UInt64> {
        var packer = RowPacker()
        var end = number
        var isDone = false
        while !isDone {
            var room = Self.rowsPerCommit
            try merge.giveRows(&room) { (key, _, row) throws(LMDBError) in
                packer.add(row, under: key.extracting(1..<key.count - FactRow.tailBytes))
            }
            isDone = room > 0
            try put(packer.takeFull(), from: &end)
        }
        try put(packer.finish().pieces, from: &end)
        return number..<end
    }

    @available(*, noasync)
    private func put(_ full: [[UInt8]], from number: inout UInt64) throws(LMDBError) {
        guard !full.isEmpty else { return }
        var transaction = try environment.beginWrite()
        for piece in full {
            var key: [UInt8] = []
            key.append(bigEndian: number)
            try transaction.append(piece.span, for: key.span, in: pieces)
            number += 1
        }
        try transaction.commit()
        // What lies about unwritten would have to be written with the log's next commit.
        if pacer?.isBusy == true { try environment.sync() }
        pacer?.pause()
    }

    /// A copy of a piece.
    @available(*, noasync)
    func piece(_ number: UInt64) throws(LMDBError) -> [UInt8] {
        let transaction = try environment.beginRead()
        guard let piece = try transaction.value(at: number, in: pieces) else {
            throw LMDBError(.corrupted, "read sorted rows", "piece \(number) is missing")
        }
        return piece.copied
    }
}
