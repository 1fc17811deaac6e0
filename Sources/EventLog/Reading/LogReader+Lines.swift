internal import LMDB
internal import Transparency

extension LogReader {
    private static let opening = Array("{\"position\":".utf8)

    /// Appends entries that follow one another as lines, as ``Entry/appendLine(to:)`` writes them, each with its newline: from
    /// where they are stored, without one in between.
    ///
    /// - Parameters:
    ///   - maximumBytes: No further entry is begun once the text has so many bytes.
    ///   - beside: Gets the disclosures beside each entry, after its line, and may append lines of its own.
    /// - Returns: The position after the last.
    /// - Throws: ``LogError`` with code `.corrupted` if one is missing, or is not what was written: by its hash, or, of one that is
    ///   stored compressed, and of a disclosure, by the checksum of that.
    /// - Complexity: O(*n*) in the bytes; no allocation for each.
    @available(*, noasync)
    func appendLines(
        from: Position, to end: Position, maximumBytes: Int, to text: inout [UInt8],
        beside: ((_ place: DisclosurePlace, _ disclosure: Span<UInt8>, _ text: inout [UInt8]) -> Void)? = nil
    ) throws(LogError) -> Position {
        let transaction = try store.beginRead()
        let head = try store.readState(in: transaction).frontier.size
        try Self.check(ReadRange(from: from, to: end), head)
        var (position, prefix, recorded): (Position, [UInt8], Timestamp?) = (from, [], nil)
        var failure: LogError?
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: store.entries)
            var found = try cursor.move(toOrAfter: from)
            var rows = try transaction.cursor(over: store.disclosures)
            var isRow =
                beside != nil
                ? try rows.move(toOrAfter: LogStore.disclosureKey(position: from, ordinal: 0).span) : false
            while position < end, text.count < maximumBytes {
                guard found, cursor.position == position else {
                    failure = LogError(
                        .corrupted, "The entry at position \(position) is missing. Run `sanhu verify`.")
                    break
                }
                do throws(LogError) {
                    let value = cursor.value
                    let header = try EntryHeader(of: value, at: position)
                    text += Self.opening
                    Self.append(position, to: &text)
                    text.append(UInt8(ascii: ","))
                    if header.codec == .plain {
                        let entry = value.extracting(EntryHeader.byteCount...)
                        guard MerkleHash.leaf(entry) == header.leafHash else { throw LogStore.changed(position) }
                        text.append(copying: entry.extracting(1...))
                    } else {
                        if header.recorded != recorded {
                            (prefix, recorded) = (EntryText.prefix(recorded: header.recorded), header.recorded)
                        }
                        text.append(copying: prefix.span.extracting(1...))
                        try store.codec.append(bodyOf: value, header, at: position, to: &text, in: transaction)
                    }
                    text.append(UInt8(ascii: "\n"))
                } catch {
                    failure = error
                    break
                }
                while isRow, let beside, failure == nil {
                    do throws(LogError) {
                        guard try Self.pass(rows.key, rows.value, at: position, beside, &text) else { break }
                    } catch {
                        failure = error
                    }
                    isRow = try rows.moveToNext()
                }
                if failure != nil { break }
                position += 1
                found = position < end ? try cursor.moveToNext() : false
            }
        } catch {
            throw LogError(error)
        }
        if let failure { throw failure }
        return position
    }

    /// Hands a disclosure on, if it lies beside the entry at a position; false if it lies beside a later one.
    private static func pass(
        _ key: Span<UInt8>, _ row: Span<UInt8>, at position: Position,
        _ beside: (DisclosurePlace, Span<UInt8>, inout [UInt8]) -> Void, _ text: inout [UInt8]
    ) throws(LogError) -> Bool {
        guard key.count == 10, key.littleEndianWord(at: 0).byteSwapped == position else { return false }
        let ordinal = Int(key.littleEndianQuarter(at: 8).byteSwapped)
        guard DisclosureRow.isSound(row, key: key), let disclosure = DisclosureRow.stored(row) else {
            throw LogError(
                .corrupted,
                "The disclosure \(ordinal) at position \(position) is not what was written. Run `sanhu verify`.")
        }
        beside(DisclosurePlace(position: position, ordinal: ordinal), disclosure, &text)
        return true
    }

    /// Appends a number in decimal digits.
    private static func append(_ number: Position, to text: inout [UInt8]) {
        let start = text.count
        var rest = number
        repeat {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        text[start...].reverse()
    }
}
