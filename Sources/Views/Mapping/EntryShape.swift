internal import EventLog
internal import LMDB

/// Where the parts of an entry stand in its bytes that are asked for most, found without parsing it.
///
/// What the log holds has one form (docs/file-format.md): compact, its members in one order, parsed once when it was appended.
/// So strings can be passed over from quote to quote. Whoever asks for data gets them parsed.
struct EntryShape {
    /// A stretch of bytes.
    struct Part {
        var offset: UInt32 = 0
        var length: UInt32 = 0

        init(_ range: Range<Int> = 0..<0) {
            offset = UInt32(truncatingIfNeeded: range.lowerBound)
            length = UInt32(truncatingIfNeeded: range.count)
        }

        var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
    }

    /// `{"recorded":"`, then the time.
    static let day = 13..<23
    static let month = 13..<20
    /// `{"recorded":"2026-03-01T00:15:30.123456Z","agency":"`.
    static let agencyStart = 52

    var agency = Part()
    /// The tags as they stand, with their quotes and commas.
    private(set) var tags = Part()
    var type = Part()
    /// Empty if the event names none.
    var dataschema = Part()
    /// Where the event begins.
    private(set) var event = 0
    /// Whether a name or a text holds an escape: then these are not its bytes.
    var isEscaped = false

    init(agency: Part, type: Part, dataschema: Part) {
        (self.agency, self.type, self.dataschema) = (agency, type, dataschema)
    }

    /// - Parameter memory: What entries had in common so far; it is brought on.
    /// - Returns: nil if the bytes are no entry.
    init?(_ bytes: Span<UInt8>, _ memory: inout ShapeMemory) {
        guard bytes.count > Self.agencyStart + 32 else { return nil }
        var at = Self.agencyStart
        if memory.isAgency(in: bytes, at: at) {
            agency = Part(at..<at + memory.agency.count - Self.tagsText)
            at += memory.agency.count
        } else {
            guard let name = text(bytes, &at) else { return nil }
            agency = name
            at += Self.tagsText - 1
        }
        guard at < bytes.count, bytes[at - 1] == UInt8(ascii: "[") else { return nil }
        let start = at
        guard let end = endOfTags(bytes, from: at) else { return nil }
        tags = Part(start..<end)
        at = end + Self.eventText.count
        event = at - 1
        guard findAttributes(bytes, &at, &memory) else { return nil }
    }

    /// As the other, of an entry by itself.
    init?(_ bytes: Span<UInt8>) {
        var memory = ShapeMemory()
        self.init(bytes, &memory)
    }

    /// How many bytes `","tags":[` has.
    private static let tagsText = 10

    /// What stands between the tags and the members of the event. In a text its quotes would be escaped.
    private static let eventText = Array("],\"event\":{".utf8)

    /// Where the tags end, eight bytes at a time; notes whether there was an escape.
    @inline(__always)
    private mutating func endOfTags(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= bytes.count {
            let word = bytes.littleEndianWord(at: at)
            let brackets = TextScan.zeroBytes(word ^ 0x5D5D_5D5D_5D5D_5D5D)
            let escapes = TextScan.zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
            guard brackets != 0 else {
                if escapes != 0 { isEscaped = true }
                at += 8
                continue
            }
            let place = at + brackets.trailingZeroBitCount / 8
            if Self.isEvent(bytes, place) {
                if escapes & (brackets & (0 &- brackets) &- 1) != 0 { isEscaped = true }
                return place
            }
            for passed in at..<place where bytes[passed] == UInt8(ascii: "\\") { isEscaped = true }
            at = place + 1
        }
        return nil
    }

    /// Whether what stands between tags and event stands at an offset.
    private static func isEvent(_ bytes: Span<UInt8>, _ at: Int) -> Bool {
        guard at + eventText.count < bytes.count else { return false }
        for index in eventText.indices where bytes[at + index] != eventText[index] { return false }
        return true
    }

    /// Goes through the tags, which hold no escapes.
    func appendTags(_ bytes: Span<UInt8>, to parts: inout [Part]) {
        var at = Int(tags.offset)
        let end = at + Int(tags.length)
        while at < end {
            guard let stop = TextScan.quoteOrEscape(bytes, from: at + 1) else { return }
            parts.append(Part(at + 1..<stop))
            at = stop + 2
        }
    }
}
