/// A strict parser of I-JSON (RFC 8259 narrowed by RFC 7493) over bytes.
///
/// It refuses what two readers could understand differently: duplicate keys, invalid UTF-8, halves of surrogate pairs,
/// numbers that a double cannot keep. A parser keeps its buffers, so one parser for many texts allocates little.
public struct JSONParser: Sendable {
    /// What a text may not exceed.
    public struct Limits: Sendable, Hashable {
        /// The most bytes of a text; at most 2^31.
        public var maximumBytes = 16 << 20
        /// How deep objects and arrays may stand in one another.
        public var maximumDepth = 64

        public init(maximumBytes: Int = 16 << 20, maximumDepth: Int = 64) {
            self.maximumBytes = max(0, min(maximumBytes, 1 << 31))
            self.maximumDepth = max(0, maximumDepth)
        }
    }

    /// A container that is being parsed.
    private struct Open {
        let node: Int
        let isObject: Bool
        /// One bit for each key signature seen, so that most keys are known to be new at once.
        var signatures: UInt64 = 0
        var keys = 0
        /// Whether the keys must be compared as a whole when the object ends.
        var comparesAtEnd = false
    }

    private static let keysComparedAtOnce = 32

    public let limits: Limits
    /// The innermost container, and those around it; nothing is open where nothing is around.
    private var current = Open(node: 0, isObject: false)
    private var outer: [Open] = []
    private var deepest = 0

    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Parses one JSON text.
    ///
    /// - Parameters:
    ///   - bytes: The text, without a byte order mark.
    ///   - tape: Takes the result; what it held is dropped, its storage is used again.
    /// - Throws: ``JSONError`` with the offset of the first fault; the tape is then of no use. In an object with escaped
    ///   keys or with over 32 keys, a duplicate key may be noticed only when the object ends.
    /// - Complexity: O(*n*) in the number of bytes, but O(*k* log *k*) in the keys of an object with over 32 of them.
    public mutating func parse(_ bytes: Span<UInt8>, into tape: inout JSONTape) throws(JSONError) {
        guard bytes.count <= limits.maximumBytes else { throw JSONError(.tooLarge, at: limits.maximumBytes) }
        tape.nodes.removeAll(keepingCapacity: true)
        outer.removeAll(keepingCapacity: true)
        deepest = 0
        var whitespace = 0
        // A value takes two bytes at least, its own and a comma, colon or bracket; of a container that is not closed yet
        // only one has been seen.
        let open = max(0, min(limits.maximumDepth, bytes.count))
        try tape.nodes.append(addingCapacity: min(bytes.count, bytes.count / 2 + open) + 1) {
            (nodes) throws(JSONError) in
            whitespace = try parse(bytes, &nodes)
        }
        tape.whitespaceBytes = whitespace
        tape.depth = deepest
    }

    /// Parses a text into room that is large enough, and returns how many bytes of white space it holds.
    private mutating func parse(
        _ bytes: Span<UInt8>, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) -> Int {
        var whitespace = 0
        var at = 0
        while true {
            // A value comes, or what may stand in its place: the end of an empty container.
            try Self.skipWhitespace(bytes, &at, &whitespace)
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at = try Self.parseString(bytes, at, &nodes)
            case UInt8(ascii: "{"):
                try begin(isObject: true, at: at, &nodes)
                at += 1
                try Self.skipWhitespace(bytes, &at, &whitespace)
                if bytes[at] != UInt8(ascii: "}") {
                    try parseKey(bytes, &at, &whitespace, &nodes)
                    continue
                }
                at += 1
                try close(at: at, bytes, &nodes)
            case UInt8(ascii: "["):
                try begin(isObject: false, at: at, &nodes)
                at += 1
                try Self.skipWhitespace(bytes, &at, &whitespace)
                if bytes[at] != UInt8(ascii: "]") { continue }
                at += 1
                try close(at: at, bytes, &nodes)
            default:
                at = try Self.parseScalar(bytes, at, &nodes)
            }
            // A value has ended; what follows belongs to the containers around it.
            var isValueNext = false
            while !isValueNext {
                if outer.isEmpty {
                    let end = at
                    while at < bytes.count, Self.isWhitespace(bytes[at]) { at += 1 }
                    guard at == bytes.count else { throw JSONError(.trailingBytes, at: at) }
                    return whitespace + at - end
                }
                try Self.skipWhitespace(bytes, &at, &whitespace)
                let byte = bytes[at]
                if byte == UInt8(ascii: ",") {
                    at += 1
                    isValueNext = true
                    if current.isObject {
                        try Self.skipWhitespace(bytes, &at, &whitespace)
                        try parseKey(bytes, &at, &whitespace, &nodes)
                    }
                } else if byte == (current.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    at += 1
                    try close(at: at, bytes, &nodes)
                } else {
                    throw JSONError(.unexpectedByte, at: at)
                }
            }
        }
    }

    /// Moves to the next byte that is not white space.
    @inline(__always)
    private static func skipWhitespace(
        _ bytes: Span<UInt8>, _ at: inout Int, _ whitespace: inout Int
    ) throws(JSONError) {
        if at < bytes.count, bytes[at] > 0x20 { return }
        let start = at
        while at < bytes.count, isWhitespace(bytes[at]) { at += 1 }
        whitespace += at - start
        guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
    }

    @inline(__always)
    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte <= 0x20 && (byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
    }

    /// Parses a number or a word.
    @inline(__always)
    private static func parseScalar(
        _ bytes: Span<UInt8>, _ start: Int, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) -> Int {
        switch bytes[start] {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            switch JSONNumber.scan(bytes, from: start) {
            case .number(let end, let isInteger):
                append(isInteger ? .integer : .number, from: start, to: end, &nodes)
                return end
            case .fault(let code, let offset):
                throw JSONError(code, at: offset)
            }
        case UInt8(ascii: "t"): return try parseWord("true", .true, bytes, start, &nodes)
        case UInt8(ascii: "f"): return try parseWord("false", .false, bytes, start, &nodes)
        case UInt8(ascii: "n"): return try parseWord("null", .null, bytes, start, &nodes)
        default: throw JSONError(.unexpectedByte, at: start)
        }
    }

    private static func parseWord(
        _ word: StaticString, _ kind: JSONTape.Kind, _ bytes: Span<UInt8>, _ start: Int,
        _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) -> Int {
        var at = start
        for letter in word.description.utf8 {
            guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
            guard bytes[at] == letter else { throw JSONError(.unexpectedByte, at: at) }
            at += 1
        }
        append(kind, from: start, to: at, &nodes)
        return at
    }

    @inline(__always)
    private static func append(
        _ kind: JSONTape.Kind, from start: Int, to end: Int, isEscaped: Bool = false,
        _ nodes: inout OutputSpan<JSONTape.Node>
    ) {
        nodes.append(
            JSONTape.Node(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end - start),
                end: UInt32(truncatingIfNeeded: nodes.count + 1), kind: kind, isEscaped: isEscaped))
    }

    private mutating func begin(
        isObject: Bool, at start: Int, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) {
        guard outer.count < limits.maximumDepth else { throw JSONError(.tooDeep, at: start) }
        outer.append(current)
        deepest = max(deepest, outer.count)
        current = Open(node: nodes.count, isObject: isObject)
        Self.append(isObject ? .object : .array, from: start, to: start, &nodes)
    }

    private mutating func close(
        at end: Int, _ bytes: Span<UInt8>, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) {
        let last = current
        current = outer.removeLast()
        nodes[last.node].length = UInt32(truncatingIfNeeded: end - Int(nodes[last.node].offset))
        nodes[last.node].end = UInt32(truncatingIfNeeded: nodes.count)
        if last.comparesAtEnd, let offset = JSONKeys.firstDuplicate(ofObjectAt: last.node, nodes.span, bytes) {
            throw JSONError(.duplicateKey, at: offset)
        }
    }

    /// Parses a key and the colon after it.
    @inline(__always)
    private mutating func parseKey(
        _ bytes: Span<UInt8>, _ at: inout Int, _ whitespace: inout Int, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) {
        guard bytes[at] == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: at) }
        let key = nodes.count
        at = try Self.parseString(bytes, at, &nodes)
        try note(key, bytes, nodes.span)
        try Self.skipWhitespace(bytes, &at, &whitespace)
        guard bytes[at] == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: at) }
        at += 1
    }

    /// Notes a key of the innermost object. In a small object, a key that looks like an earlier one is compared at once;
    /// otherwise all are compared when the object ends.
    @inline(__always)
    private mutating func note(_ key: Int, _ bytes: Span<UInt8>, _ nodes: Span<JSONTape.Node>) throws(JSONError) {
        let node = nodes[key]
        current.keys += 1
        guard !node.isEscaped else {
            current.comparesAtEnd = true
            return
        }
        let signature = Self.signature(of: node, bytes)
        let mayBeKnown = current.signatures & signature != 0
        current.signatures |= signature
        guard mayBeKnown else { return }
        if current.keys > Self.keysComparedAtOnce {
            current.comparesAtEnd = true
        } else if JSONKeys.isKnown(key, ofObjectAt: current.node, nodes, bytes) {
            throw JSONError(.duplicateKey, at: Int(node.offset) - 1)
        }
    }

    /// One bit that equal keys have in common.
    @inline(__always)
    private static func signature(of key: JSONTape.Node, _ bytes: Span<UInt8>) -> UInt64 {
        guard key.length > 0 else { return 1 }
        let start = Int(key.offset)
        let length = Int(key.length)
        let mixed =
            UInt64(length) &* 0x9E37 &+ UInt64(bytes[start]) &* 0x85EB &+ UInt64(bytes[start + length / 2]) &* 0xC2B2
            &+ UInt64(bytes[start + length - 1]) &* 0x27D4
        return 1 << ((mixed ^ mixed >> 7) & 63)
    }

    /// Parses a string and returns the offset after its closing quote.
    @inline(__always)
    private static func parseString(
        _ bytes: Span<UInt8>, _ start: Int, _ nodes: inout OutputSpan<JSONTape.Node>
    ) throws(JSONError) -> Int {
        let count = bytes.count
        var at = start + 1
        var isEscaped = false
        while at < count {
            at = JSONScalars.afterPlain(bytes, at)
            guard at < count else { break }
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""):
                append(.string, from: start + 1, to: at, isEscaped: isEscaped, &nodes)
                return at + 1
            case UInt8(ascii: "\\"):
                isEscaped = true
                at = try JSONScalars.afterEscape(bytes, at)
            case 0x80...:
                at = try JSONScalars.afterSequence(bytes, at)
            default:
                throw JSONError(.controlCharacter, at: at)
            }
        }
        throw JSONError(.unexpectedEnd, at: count)
    }
}
