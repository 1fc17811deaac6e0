internal import NIOCore

/// Cuts a body that comes in pieces into lines.
struct LineSplitter {
    /// The most bytes of a line.
    let maximumBytes: Int
    private var rest: [UInt8] = []
    private var lines: [[UInt8]] = []
    private var next = 0

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    /// Adds a piece.
    ///
    /// - Returns: Whether no line was too long so far.
    mutating func add(_ piece: ByteBuffer) -> Bool {
        for part in piece.readableBytesView.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if part.offset > 0 { cut() }
            guard rest.count + part.element.count <= maximumBytes else { return false }
            rest.append(contentsOf: part.element)
        }
        return true
    }

    /// The last line, if it did not end.
    mutating func end() { cut() }

    private mutating func cut() {
        lines.append(rest)
        rest.removeAll(keepingCapacity: true)
    }

    /// Takes lines that are complete, as many as may be, in their order; none if there are none.
    mutating func take(atMost count: Int) -> ArraySlice<[UInt8]> {
        if next == lines.count {
            lines.removeAll(keepingCapacity: true)
            next = 0
        }
        let taken = lines[next..<min(lines.count, next + count)]
        next = taken.endIndex
        return taken
    }
}
