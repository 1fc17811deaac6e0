internal import EventLog
internal import LMDB

/// Facts as they follow one another in a view's files, a page of them.
struct FactPage {
    /// Each with the name of its object.
    var facts: [(object: [UInt8], fact: StoredFact)] = []
    var origins: [UInt64: StoredRows.Texts] = [:]
    /// The key from which the next page goes on; nil if there is none.
    var next: [UInt8]?
}

extension ViewStore {
    /// The facts about the objects whose names begin with a text: a page of them, read in one short transaction.
    ///
    /// - Parameters:
    ///   - key: Where the last page says that the next one goes on; nil for the first.
    ///   - end: The position after the last that counts.
    ///   - known: Origins that are not asked for again.
    func page(
        of text: String, from key: [UInt8]?, before end: Position, rows limit: Int, known: Set<UInt64>
    ) throws(ViewError) -> FactPage {
        let prefix = [FactRow.Table.fact.rawValue] + Array(text.utf8)
        let start = key ?? prefix
        var page = FactPage()
        var failure: ViewError?
        try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(over: rows)
            var found = try cursor.move(toOrAfter: start.span)
            var seen = 0
            while found {
                guard cursor.key.count >= prefix.count,
                    cursor.key.extracting(0..<prefix.count).isEqual(to: prefix.span)
                else { break }
                guard seen < limit else {
                    page.next = cursor.key.copied
                    break
                }
                seen += 1
                guard cursor.key.count > FactRow.tailBytes else {
                    failure = damaged
                    break
                }
                if FactRow.place(cursor.key).position < end {
                    let fact = StoredFact(cursor.key, cursor.value) { position, number in
                        var place: [UInt8] = []
                        FactRow.writeKey(shared: position, number, to: &place)
                        return (try? transaction.value(for: place.span, in: shared))?.copied
                    }
                    guard let fact else {
                        failure = damaged
                        break
                    }
                    page.facts.append((cursor.key.copied(from: 1, to: cursor.key.count - FactRow.tailBytes), fact))
                    if !known.contains(fact.origin) { page.origins[fact.origin] = StoredRows.Texts.none }
                }
                found = try cursor.moveToNext()
            }
            for origin in page.origins.keys {
                guard let texts = try texts(of: origin, in: transaction) else {
                    failure = failure ?? damaged
                    break
                }
                page.origins[origin] = texts
            }
        }
        if let failure { throw failure }
        return page
    }

    /// The texts of an origin; nil if there are none.
    func texts(
        of origin: UInt64, in transaction: borrowing LMDBReadTransaction
    ) throws(LMDBError) -> StoredRows.Texts? {
        var key: [UInt8] = []
        key.append(bigEndian: origin)
        guard let text = try transaction.value(for: key.span, in: origins) else { return nil }
        let parts = String(decoding: text.copied, as: UTF8.self).split(
            separator: "\0", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return StoredRows.Texts.none }
        return StoredRows.Texts(schema: String(parts[0]), type: String(parts[1]), agency: String(parts[2]))
    }
}
