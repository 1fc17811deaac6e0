internal import EventLog
internal import LMDB

/// Rows as they stand in a view, read in one transaction.
struct StoredRows {
    /// By which is decided who sees the entries of an origin.
    struct Texts: Hashable {
        let schema: String
        let type: String
        let agency: String

        /// Of what is not read yet.
        static let none = Texts(schema: "", type: "", agency: "")
    }

    var facts: [StoredFact] = []
    /// Of a lookup: object, position and origin.
    var found: [(object: String, position: Position, origin: UInt64)] = []
    var origins: [UInt64: Texts] = [:]
    /// How far the view had come.
    var position: Position = 0

    /// Leaves only facts of some kinds, and of their values those with the numbers that are given for each kind.
    mutating func keep(_ values: [UInt8: Set<Int>]) {
        facts = facts.compactMap { fact in
            guard let numbers = values[fact.kind] else { return nil }
            var kept = fact
            kept.keep(numbers)
            return kept
        }
    }
}

extension ViewStore {
    /// The facts about an object.
    ///
    /// - Parameter end: The position after the last that counts.
    /// - Throws: ``ViewError`` with code `.limitExceeded` if there are more than ``ViewLimits/factsPerRead``.
    func facts(of object: String, before end: Position) throws(ViewError) -> StoredRows {
        let prefix = FactRow.prefix(.fact, object.utf8Span.span)
        return try read(prefix) { key, value, transaction, rows throws(ViewError) in
            let stored = StoredFact(key, value) { position, number in
                var place: [UInt8] = []
                FactRow.writeKey(shared: position, number, to: &place)
                return (try? transaction.value(for: place.span, in: shared))?.copied
            }
            guard let fact = stored else { throw damaged }
            guard fact.position < end else { return false }
            guard rows.facts.count < ViewLimits.factsPerRead else {
                throw ViewError(
                    .limitExceeded,
                    "There are more than \(ViewLimits.factsPerRead) facts about the object; ask for fewer.")
            }
            rows.facts.append(fact)
            rows.origins[fact.origin] = StoredRows.Texts.none
            return true
        }
    }

    /// What a key of a lookup leads to, in the order of the objects' names.
    ///
    /// - Parameters:
    ///   - last: If given, only objects whose names come after it.
    ///   - most: How many objects there may be; what comes after them is left out.
    func lookup(
        _ name: String, before end: Position, after last: String? = nil, atMost most: Int = .max
    ) throws(ViewError) -> StoredRows {
        let prefix = FactRow.prefix(.lookup, name.utf8Span.span)
        // Names have no control characters: what begins like this comes after all rows of the last one.
        let start = last.map { prefix + $0.utf8 + [1] }
        var objects = 0
        return try read(prefix, from: start) { key, value, _, rows throws(ViewError) in
            guard key.count > prefix.count + FactRow.tailBytes, value.count == 8 else { throw damaged }
            let (position, _) = FactRow.place(key)
            guard position < end else { return true }
            guard rows.found.count < ViewLimits.factsPerRead else {
                throw ViewError(.limitExceeded, "The key leads to more than \(ViewLimits.factsPerRead) entries.")
            }
            let object = key.copied(from: prefix.count, to: key.count - FactRow.tailBytes)
            let origin = value.littleEndianWord(at: 0)
            let text = String(decoding: object, as: UTF8.self)
            if rows.found.last?.object != text {
                guard objects < most else { return false }
                objects += 1
            }
            rows.found.append((text, position, origin))
            rows.origins[origin] = StoredRows.Texts.none
            return true
        }
    }

    /// The sums of the keys that begin with a text, in the order of their bytes.
    func tallies(prefixedBy text: String) throws(ViewError) -> [(key: String, sum: Int64)] {
        let prefix = Array(text.utf8)
        return try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            var cursor = try transaction.cursor(over: tallies)
            var sums: [(key: String, sum: Int64)] = []
            var found = prefix.isEmpty ? try cursor.moveToFirst() : try cursor.move(toOrAfter: prefix.span)
            while found, sums.count < ViewLimits.talliesPerRead {
                let key = cursor.key.copied
                guard key.starts(with: prefix), cursor.value.count == 8 else { break }
                sums.append(
                    (String(decoding: key, as: UTF8.self), Int64(bitPattern: cursor.value.littleEndianWord(at: 0))))
                found = try cursor.moveToNext()
            }
            return sums
        }
    }

    var damaged: ViewError {
        ViewError(.damaged, "A row of the view \(title) is none. `sanhu view rebuild` makes it anew.")
    }

    private func read(
        _ prefix: [UInt8], from start: [UInt8]? = nil,
        _ take: (
            _ key: Span<UInt8>, _ value: Span<UInt8>, _ transaction: borrowing LMDBReadTransaction,
            _ rows: inout StoredRows
        ) throws(ViewError) -> Bool
    ) throws(ViewError) -> StoredRows {
        var result = StoredRows()
        var failure: ViewError?
        try wrapping { () throws(LMDBError) in
            let transaction = try environment.beginRead()
            result.position = try readMeta(in: transaction)?.position ?? 0
            var cursor = try transaction.cursor(over: rows)
            let first = start ?? prefix
            var found = try cursor.move(toOrAfter: first.span)
            while found {
                guard cursor.key.count > prefix.count,
                    cursor.key.extracting(0..<prefix.count).isEqual(to: prefix.span)
                else { break }
                do throws(ViewError) {
                    guard try take(cursor.key, cursor.value, transaction, &result) else { break }
                } catch {
                    failure = error
                    break
                }
                found = try cursor.moveToNext()
            }
            for origin in result.origins.keys {
                guard let texts = try texts(of: origin, in: transaction) else {
                    failure = failure ?? damaged
                    break
                }
                result.origins[origin] = texts
            }
        }
        if let failure { throw failure }
        return result
    }
}
