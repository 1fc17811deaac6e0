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
            self.maximumBytes = min(maximumBytes, 1 << 31)
            self.maximumDepth = maximumDepth
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

    /// What may come next.
    private enum Expectation {
        case value, firstKeyOrEnd, key, firstElementOrEnd, separatorOrEnd, nothing
    }

    private static let keysComparedAtOnce = 32

    public let limits: Limits
    /// The innermost container, and those around it; nothing is open where nothing is around.
    private var current = Open(node: 0, isObject: false)
    private var outer: [Open] = []

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
        tape.whitespaceBytes = 0
        outer.removeAll(keepingCapacity: true)
        var at = 0
        var expectation = Expectation.value
        let count = bytes.count
        while true {
            let tokenStart = at
            while at < count, Self.isWhitespace(bytes[at]) { at += 1 }
            tape.whitespaceBytes += at - tokenStart
            if expectation == .nothing {
                guard at == count else { throw JSONError(.trailingBytes, at: at) }
                return
            }
            guard at < count else { throw JSONError(.unexpectedEnd, at: at) }
            let byte = bytes[at]
            switch expectation {
            case .firstKeyOrEnd where byte == UInt8(ascii: "}"), .firstElementOrEnd where byte == UInt8(ascii: "]"):
                at += 1
                expectation = try close(at: at, bytes, &tape)
            case .firstKeyOrEnd, .key:
                at = try parseKey(bytes, at, &tape)
                expectation = .value
            case .value, .firstElementOrEnd:
                expectation = try parseValue(bytes, &at, &tape)
            case .separatorOrEnd:
                expectation = try parseSeparator(bytes, &at, &tape)
            case .nothing:
                return
            }
        }
    }

    @inline(__always)
    private static func isWhitespace(_ byte: UInt8) -> Bool {
        byte <= 0x20 && (byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09)
    }

    private mutating func parseSeparator(
        _ bytes: Span<UInt8>, _ at: inout Int, _ tape: inout JSONTape
    ) throws(JSONError) -> Expectation {
        let isObject = current.isObject
        switch bytes[at] {
        case UInt8(ascii: ","):
            at += 1
            return isObject ? .key : .value
        case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
            at += 1
            return try close(at: at, bytes, &tape)
        default:
            throw JSONError(.unexpectedByte, at: at)
        }
    }

    @inline(__always)
    private mutating func parseValue(
        _ bytes: Span<UInt8>, _ at: inout Int, _ tape: inout JSONTape
    ) throws(JSONError) -> Expectation {
        switch bytes[at] {
        case UInt8(ascii: "\""):
            at = try parseString(bytes, at, &tape)
        case UInt8(ascii: "{"):
            try begin(isObject: true, at: at, &tape)
            at += 1
            return .firstKeyOrEnd
        case UInt8(ascii: "["):
            try begin(isObject: false, at: at, &tape)
            at += 1
            return .firstElementOrEnd
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            switch JSONNumber.scan(bytes, from: at) {
            case .number(let end, let isInteger):
                append(isInteger ? .integer : .number, from: at, to: end, &tape)
                at = end
            case .fault(let code, let offset):
                throw JSONError(code, at: offset)
            }
        case UInt8(ascii: "t"): at = try parseWord("true", .true, bytes, at, &tape)
        case UInt8(ascii: "f"): at = try parseWord("false", .false, bytes, at, &tape)
        case UInt8(ascii: "n"): at = try parseWord("null", .null, bytes, at, &tape)
        default: throw JSONError(.unexpectedByte, at: at)
        }
        return outer.isEmpty ? .nothing : .separatorOrEnd
    }

    private func parseWord(
        _ word: StaticString, _ kind: JSONTape.Kind, _ bytes: Span<UInt8>, _ start: Int, _ tape: inout JSONTape
    ) throws(JSONError) -> Int {
        var at = start
        for letter in word.description.utf8 {
            guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
            guard bytes[at] == letter else { throw JSONError(.unexpectedByte, at: at) }
            at += 1
        }
        append(kind, from: start, to: at, &tape)
        return at
    }

    @inline(__always)
    private func append(_ kind: JSONTape.Kind, from start: Int, to end: Int, _ tape: inout JSONTape) {
        tape.nodes.append(
            JSONTape.Node(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end - start),
                end: UInt32(truncatingIfNeeded: tape.nodes.count + 1), kind: kind, isEscaped: false))
    }

    private mutating func begin(isObject: Bool, at start: Int, _ tape: inout JSONTape) throws(JSONError) {
        guard outer.count < limits.maximumDepth else { throw JSONError(.tooDeep, at: start) }
        outer.append(current)
        current = Open(node: tape.nodes.count, isObject: isObject)
        append(isObject ? .object : .array, from: start, to: start, &tape)
    }

    private mutating func close(
        at end: Int, _ bytes: Span<UInt8>, _ tape: inout JSONTape
    ) throws(JSONError) -> Expectation {
        let last = current
        current = outer.removeLast()
        tape.nodes[last.node].length = UInt32(truncatingIfNeeded: end - Int(tape.nodes[last.node].offset))
        tape.nodes[last.node].end = UInt32(truncatingIfNeeded: tape.nodes.count)
        if last.comparesAtEnd, let offset = JSONKeys.firstDuplicate(ofObjectAt: last.node, tape, bytes) {
            throw JSONError(.duplicateKey, at: offset)
        }
        return outer.isEmpty ? .nothing : .separatorOrEnd
    }

    /// Parses a key and the colon after it.
    private mutating func parseKey(
        _ bytes: Span<UInt8>, _ start: Int, _ tape: inout JSONTape
    ) throws(JSONError) -> Int {
        guard bytes[start] == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: start) }
        let key = tape.nodes.count
        var at = try parseString(bytes, start, &tape)
        try note(key, bytes, tape)
        let colon = at
        while at < bytes.count, Self.isWhitespace(bytes[at]) { at += 1 }
        tape.whitespaceBytes += at - colon
        guard at < bytes.count else { throw JSONError(.unexpectedEnd, at: at) }
        guard bytes[at] == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: at) }
        return at + 1
    }

    /// Notes a key of the innermost object. In a small object, a key that looks like an earlier one is compared at once;
    /// otherwise all are compared when the object ends.
    @inline(__always)
    private mutating func note(_ key: Int, _ bytes: Span<UInt8>, _ tape: JSONTape) throws(JSONError) {
        let node = tape.nodes[key]
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
        } else if JSONKeys.isKnown(key, ofObjectAt: current.node, tape, bytes) {
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
    private func parseString(
        _ bytes: Span<UInt8>, _ start: Int, _ tape: inout JSONTape
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
                tape.nodes.append(
                    JSONTape.Node(
                        offset: UInt32(truncatingIfNeeded: start + 1),
                        length: UInt32(truncatingIfNeeded: at - start - 1),
                        end: UInt32(truncatingIfNeeded: tape.nodes.count + 1), kind: .string, isEscaped: isEscaped))
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
