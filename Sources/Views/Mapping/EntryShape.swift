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
    private static let agencyStart = 52

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

    /// `type` and `dataschema`, as the first eight bytes of a name, little-endian.
    private static let typeName: UInt64 = 0x6570_7974
    private static let dataschemaName: UInt64 = 0x6568_6373_6174_6164

    init(agency: Part, type: Part, dataschema: Part) {
        (self.agency, self.type, self.dataschema) = (agency, type, dataschema)
    }

    /// - Returns: nil if the bytes are no entry.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count > Self.agencyStart + 32 else { return nil }
        var at = Self.agencyStart
        guard let name = text(bytes, &at) else { return nil }
        agency = name
        // `,"tags":[`
        at += 9
        guard at < bytes.count, bytes[at - 1] == UInt8(ascii: "[") else { return nil }
        let start = at
        guard let end = endOfTags(bytes, from: at) else { return nil }
        tags = Part(start..<end)
        at = end + Self.eventText.count
        event = at - 1
        guard findAttributes(bytes, &at) else { return nil }
    }

    /// What stands between the tags and the members of the event. In a text its quotes would be escaped.
    private static let eventText = Array("],\"event\":{".utf8)

    /// Where the tags end, eight bytes at a time; notes whether there was an escape.
    @inline(__always)
    private mutating func endOfTags(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= bytes.count {
            let word = bytes.littleEndianWord(at: at)
            let brackets = Self.zeroBytes(word ^ 0x5D5D_5D5D_5D5D_5D5D)
            let escapes = Self.zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
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
            guard let stop = Self.quoteOrEscape(bytes, from: at + 1) else { return }
            parts.append(Part(at + 1..<stop))
            at = stop + 2
        }
    }

    /// Goes through the members of the event until type and schema are found, or to its end.
    private mutating func findAttributes(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
        var isTyped = false
        while at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
            at += 1
            guard let key = text(bytes, &at), at + 1 < bytes.count, bytes[at] == UInt8(ascii: ":") else { return false }
            at += 1
            let name = Self.word(bytes, key)
            if name == Self.typeName || (name == Self.dataschemaName && key.length == 10),
                bytes[at] == UInt8(ascii: "\"")
            {
                at += 1
                guard let value = text(bytes, &at) else { return false }
                if name == Self.typeName {
                    type = value
                    isTyped = true
                } else {
                    dataschema = value
                }
                if isTyped, dataschema.length > 0 { return true }
            } else {
                guard pass(bytes, &at) else { return false }
            }
            guard at < bytes.count else { return false }
            if bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
        // A name with escapes may be that of the type.
        return isTyped || isEscaped
    }

    /// The text up to the quote that ends it, which is passed.
    @inline(__always)
    private mutating func text(_ bytes: Span<UInt8>, _ at: inout Int) -> Part? {
        let start = at
        while let stop = Self.quoteOrEscape(bytes, from: at) {
            guard bytes[stop] != UInt8(ascii: "\\") else {
                isEscaped = true
                at = stop + 2
                continue
            }
            at = stop + 1
            return Part(start..<stop)
        }
        return nil
    }

    /// The first quotation mark or backslash from an offset on, eight bytes at a time.
    @inline(__always)
    private static func quoteOrEscape(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + 8 <= bytes.count {
            let word = bytes.littleEndianWord(at: at)
            let found = zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return nil
    }

    /// The highest bit of each byte that is zero; of those above the first one that is, also of some others.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }

    /// Goes past a text from its first quote on; escapes in it are no matter.
    @inline(__always)
    private static func passText(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
        at += 1
        while let stop = quoteOrEscape(bytes, from: at) {
            guard bytes[stop] != UInt8(ascii: "\\") else {
                at = stop + 2
                continue
            }
            at = stop + 1
            return true
        }
        return false
    }

    /// Goes past a value.
    private func pass(_ bytes: Span<UInt8>, _ at: inout Int) -> Bool {
        if bytes[at] == UInt8(ascii: "\"") { return Self.passText(bytes, &at) }
        var depth = 0
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                guard Self.passText(bytes, &at) else { return false }
                if depth == 0 { return true }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                at += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
                at += 1
                if depth == 0 { return true }
            case UInt8(ascii: ",") where depth == 0:
                return true
            default:
                at += 1
            }
        }
        return false
    }

    /// The first eight bytes of a name, little-endian.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ part: Part) -> UInt64 {
        let start = Int(part.offset)
        guard start + 8 <= bytes.count else { return 0 }
        let word = bytes.littleEndianWord(at: start)
        return part.length >= 8 ? word : word & (1 << (UInt64(part.length) * 8) - 1)
    }
}
