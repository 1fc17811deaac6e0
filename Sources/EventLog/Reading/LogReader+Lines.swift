internal import LMDB
internal import Transparency

extension LogReader {
    private static let opening = Array("{\"position\":".utf8)

    /// Appends entries that follow one another as lines, as ``Entry/appendLine(to:)`` writes them, each with its newline: from
    /// where they are stored, without one in between.
    ///
    /// - Parameter maximumBytes: No further entry is begun once the text has so many bytes.
    /// - Returns: The position after the last.
    /// - Throws: ``LogError`` with code `.corrupted` if one is missing, or is not what was written: by its hash, or, of one that is
    ///   stored compressed, by the checksum of that.
    /// - Complexity: O(*n*) in the bytes; no allocation for each.
    @available(*, noasync)
    func appendLines(
        from: Position, to end: Position, maximumBytes: Int, to text: inout [UInt8]
    ) throws(LogError) -> Position {
        let transaction = try store.beginRead()
        let head = try store.readState(in: transaction).frontier.size
        try Self.check(ReadRange(from: from, to: end), head)
        var (position, prefix, recorded): (Position, [UInt8], Timestamp?) = (from, [], nil)
        var failure: LogError?
        do throws(LMDBError) {
            var cursor = try transaction.cursor(over: store.entries)
            var found = try cursor.move(toOrAfter: from)
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
                position += 1
                found = position < end ? try cursor.moveToNext() : false
            }
        } catch {
            throw LogError(error)
        }
        if let failure { throw failure }
        return position
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
