internal import LMDB

extension Log {
    /// How many rows a scan goes through in one transaction.
    private static let scanRows = 4_096
    /// How many disclosures one request cuts at the most.
    public static let cutsPerRequest = 10_000

    /// Goes through sealed disclosures in place, in the order of their places.
    ///
    /// - Parameters:
    ///   - end: The position after the last whose disclosures are gone through.
    ///   - visit: Gets the place and the disclosure's bytes, which are good only inside. They are not held against their
    ///     checksum.
    /// - Throws: ``LogError`` with code `.corrupted` for a row that is none.
    /// - Complexity: O(*n*) in the disclosures; no allocation for each.
    public func scanDisclosures(
        before end: Position, visit: (_ place: DisclosurePlace, _ disclosure: Span<UInt8>) -> Void
    ) throws(LogError) {
        var next: [UInt8] = []
        next.append(bigEndian: Position(0))
        var isThere = true
        while isThere { isThere = try scanDisclosurePage(from: &next, before: end, visit) }
    }

    private func scanDisclosurePage(
        from next: inout [UInt8], before end: Position, _ visit: (DisclosurePlace, Span<UInt8>) -> Void
    ) throws(LogError) -> Bool {
        let transaction = try store.beginRead()
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: store.disclosures)
            var found = try cursor.move(toOrAfter: next.span)
            for _ in 0..<Self.scanRows {
                guard found else { return false }
                guard try Self.visit(cursor.key, cursor.value, before: end, visit) else { return false }
                found = try cursor.moveToNext()
            }
            guard found else { return false }
            next = cursor.key.copied
            return true
        } catch {
            throw LogError(error)
        }
    }

    /// Returns false for a row that is beyond the end.
    private static func visit(
        _ key: Span<UInt8>, _ row: Span<UInt8>, before end: Position, _ visit: (DisclosurePlace, Span<UInt8>) -> Void
    ) throws(LMDBError) -> Bool {
        guard key.count == 10, let disclosure = DisclosureRow.stored(row) else {
            throw LMDBError(.corrupted, "go through disclosures", "a row is none; run `sanhu verify`")
        }
        let position = key.littleEndianWord(at: 0).byteSwapped
        guard position < end else { return false }
        let ordinal = Int(key.littleEndianQuarter(at: 8).byteSwapped)
        visit(DisclosurePlace(position: position, ordinal: ordinal), disclosure)
        return true
    }

    /// Cuts disclosures down to their first bytes, in the order of appends and durable on return. The entries, which are
    /// all that is hashed, stay as they are; what was cut off may lie in pages of the file that are free.
    ///
    /// - Parameters:
    ///   - places: At most ``cutsPerRequest``. Those that are not there, or are as short already, are passed over.
    ///   - count: How many bytes of each are kept, at least 1.
    ///   - mark: If given, noted in the same commit: see ``cutMark``.
    /// - Throws: ``LogError``; nothing was cut then.
    /// - Complexity: O(*n* log *m*) in the places and the disclosures; one sync. Blocks until it is done.
    public func cutDisclosures(
        at places: [DisclosurePlace], keeping count: Int, mark: UInt64? = nil
    ) throws(LogError) {
        guard places.count <= Self.cutsPerRequest, count > 0 else {
            throw LogError(
                .limitExceeded, "At most \(Self.cutsPerRequest) disclosures are cut at once, to 1 byte at least.")
        }
        var request = PreparedRequest()
        request.cut = DisclosureCut(places: places, keeping: count, mark: mark)
        let answer = WaitedAnswer()
        try submit(request) { answer.put($0) }
        _ = try answer.take().get()
    }

    /// The mark that the last ``cutDisclosures(at:keeping:mark:)`` noted; 0 if there was none. A snapshot does not have
    /// it: a log that was restored has what lay beside its entries then.
    public var cutMark: UInt64 {
        get throws(LogError) {
            let transaction = try store.beginRead()
            return try DisclosureCut.mark(of: store, in: transaction)
        }
    }
}
