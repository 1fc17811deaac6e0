internal import JSON
internal import LMDB
internal import Transparency

/// Where a CloudEvent's attributes stand in its parsed text, after checking that it is one.
///
/// Source: CloudEvents 1.0.2, and its JSON event format.
struct CloudEventAttributes: Sendable {
    let id: Int
    let source: Int
    let type: Int
    let subject: Int?
    let time: Int?

    /// The names that mean something here, by how they are recognised: their first eight bytes as a little-endian word.
    private enum Name {
        static let id: UInt64 = 0x6469
        static let source: UInt64 = 0x6563_7275_6F73
        static let type: UInt64 = 0x6570_7974
        static let subject: UInt64 = 0x74_6365_6A62_7573
        static let time: UInt64 = 0x656D_6974
        static let data: UInt64 = 0x6174_6164
        /// `datasche`, and `ma` after it.
        static let dataschema: UInt64 = 0x6568_6373_6174_6164
        /// `datacont`, and `enttype` after it.
        static let datacontenttype: UInt64 = 0x746E_6F63_6174_6164
        /// `specvers`, and `ion` after it.
        static let specversion: UInt64 = 0x7372_6576_6365_7073
        /// `data_bas`, and `e64` after it.
        static let dataBase64: UInt64 = 0x7361_625F_6174_6164
    }

    private static let specversionName = Array("specversion".utf8)
    private static let dataBase64Name = Array("data_base64".utf8)
    private static let dataschemaName = Array("dataschema".utf8)
    private static let datacontenttypeName = Array("datacontenttype".utf8)
    private static let version = Array("1.0".utf8)

    /// Checks an event and finds its attributes.
    ///
    /// - Parameter object: Where in the tape the event stands.
    /// - Throws: ``LogError`` with code `.invalidEvent`, naming the attribute.
    init(_ tape: JSONTape, _ bytes: Span<UInt8>, object: Int = 0) throws(LogError) {
        guard tape.nodes[object].kind == .object else { throw Self.fault("An event is a JSON object.") }
        var id: Int?
        var source: Int?
        var type: Int?
        var subject: Int?
        var time: Int?
        var specversion: Int?
        var hasData = false
        var hasBase64 = false
        var at = object + 1
        let end = Int(tape.nodes[object].end)
        while at < end {
            let value = at + 1
            let node = tape.nodes[at]
            switch Self.word(node, bytes) {
            case Name.data:
                hasData = true
            case Name.dataBase64 where tape.matches(Self.dataBase64Name, at, in: bytes):
                guard tape.nodes[value].kind == .string,
                    Base64.decode(tape.decodedString(at: value, in: bytes)) != nil
                else { throw Self.fault("“data_base64” must be a string in base64.") }
                hasBase64 = true
            case let word:
                try Self.checkAttribute(at, tape, bytes)
                let isNull = tape.nodes[value].kind == .null
                switch word {
                case Name.id: id = value
                case Name.source: source = value
                case Name.type: type = value
                case Name.subject: subject = isNull ? nil : value
                case Name.time: time = isNull ? nil : value
                case Name.dataschema where tape.matches(Self.dataschemaName, at, in: bytes):
                    if !isNull { try Self.checkURI(value, "dataschema", tape, bytes) }
                case Name.datacontenttype where tape.matches(Self.datacontenttypeName, at, in: bytes):
                    if !isNull { _ = try Self.text(value, "datacontenttype", tape, bytes) }
                case Name.specversion where tape.matches(Self.specversionName, at, in: bytes): specversion = value
                default: break
                }
            }
            at = Int(tape.nodes[value].end)
        }
        guard !(hasData && hasBase64) else {
            throw Self.fault("The event has both “data” and “data_base64”; it may have one.")
        }
        guard let specversion, tape.nodes[specversion].kind == .string,
            tape.matches(Self.version, specversion, in: bytes)
        else { throw Self.fault("“specversion” must be \"1.0\": only CloudEvents 1.0 are accepted.") }
        self.id = try Self.text(id, "id", tape, bytes)
        self.source = try Self.text(source, "source", tape, bytes)
        try Self.checkURI(self.source, "source", tape, bytes)
        self.type = try Self.text(type, "type", tape, bytes)
        self.subject = try subject.map { index throws(LogError) in try Self.text(index, "subject", tape, bytes) }
        if let time {
            let node = tape.nodes[time]
            let start = Int(node.offset)
            guard node.kind == .string, !node.isEscaped,
                Timestamp(rfc3339: bytes.extracting(start..<start + Int(node.length))) != nil
            else { throw Self.fault("“time” must be an RFC 3339 date and time, such as 2026-03-01T08:15:30+08:00.") }
        }
        self.time = time
    }

    /// Appends what an event is known by: source, a zero byte, id. Neither can hold a zero byte.
    func appendIdentity(_ tape: JSONTape, _ bytes: Span<UInt8>, to name: inout [UInt8]) {
        tape.appendText(at: source, in: bytes, to: &name)
        name.append(0)
        tape.appendText(at: id, in: bytes, to: &name)
    }

    /// The first eight bytes of a name as a little-endian word; 0 for a name with escapes, which is not one of ours.
    @inline(__always)
    private static func word(_ node: JSONTape.Node, _ bytes: Span<UInt8>) -> UInt64 {
        guard !node.isEscaped else { return 0 }
        var word: UInt64 = 0
        for step in 0..<min(8, Int(node.length)) { word |= UInt64(bytes[Int(node.offset) + step]) << UInt64(step * 8) }
        return word
    }

    /// Checks an attribute's name and that its value is of a type that attributes have.
    private static func checkAttribute(_ key: Int, _ tape: JSONTape, _ bytes: Span<UInt8>) throws(LogError) {
        let node = tape.nodes[key]
        var isName = node.length > 0 && !node.isEscaped
        if isName {
            for at in Int(node.offset)..<Int(node.offset + node.length) {
                let byte = bytes[at]
                let isLetter = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
                let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                isName = isName && (isLetter || isDigit)
            }
        }
        guard isName else {
            let name = tape.decodedString(at: key, in: bytes)
            throw fault("“\(name.prefix(64))” is no attribute's name: lower-case letters and digits only.")
        }
        let value = tape.nodes[key + 1]
        switch value.kind {
        case .true, .false, .null:
            break
        case .string:
            if holdsControl(key + 1, tape, bytes) {
                throw fault("“\(tape.decodedString(at: key, in: bytes).prefix(64))” holds a control character.")
            }
        case .integer:
            // As many digits as no integer of 32 bits has are refused without counting further.
            let text = tape.nodes[key + 1].length <= 11 ? bytes.extracting(value.bytes).copied : []
            guard Int32(String(decoding: text, as: UTF8.self)) != nil else {
                let name = tape.decodedString(at: key, in: bytes)
                throw fault("“\(name.prefix(64))” is an integer beyond 32 bits; put it into “data”, or send a string.")
            }
        case .number, .array, .object:
            let name = tape.decodedString(at: key, in: bytes)
            throw fault(
                "“\(name.prefix(64))” must be a string, an integer or a boolean; put anything else into “data”.")
        }
    }

    /// Checks that a string holds only what a URI may hold (RFC 3986, section 2): ASCII without spaces and brackets of
    /// several kinds, and after `%` two hexadecimal digits.
    private static func checkURI(
        _ index: Int, _ name: String, _ tape: JSONTape, _ bytes: Span<UInt8>
    ) throws(LogError) {
        let text = tape.nodes[index].isEscaped ? tape.decodedBytes(at: index, in: bytes) : []
        let span = tape.nodes[index].isEscaped ? text.span : bytes.extracting(tape.nodes[index].bytes)
        var isURI = tape.nodes[index].kind == .string && !span.isEmpty
        var at = 0
        while isURI, at < span.count {
            switch span[at] {
            case UInt8(ascii: "%"):
                isURI = at + 2 < span.count && isHexDigit(span[at + 1]) && isHexDigit(span[at + 2])
            case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
                UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), 0...0x20, 0x7F...:
                isURI = false
            default:
                break
            }
            at += 1
        }
        guard isURI else {
            throw fault("“\(name)” must be a URI: no spaces, and only ASCII; write anything else as %XX.")
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Checks that an attribute is there and is a string of a fair length.
    private static func text(
        _ index: Int?, _ name: String, _ tape: JSONTape, _ bytes: Span<UInt8>
    ) throws(LogError) -> Int {
        guard let index else { throw fault("“\(name)” is missing.") }
        let node = tape.nodes[index]
        guard node.kind == .string, node.length > 0, node.length <= LogLimits.attributeBytes else {
            throw fault("“\(name)” must be a string of 1 to \(LogLimits.attributeBytes) bytes.")
        }
        return index
    }

    /// Whether a string holds a control character: below U+0020, or U+007F to U+009F.
    private static func holdsControl(_ index: Int, _ tape: JSONTape, _ bytes: Span<UInt8>) -> Bool {
        let node = tape.nodes[index]
        var mayHold = node.isEscaped
        for at in node.bytes where bytes[at] >= 0x7F { mayHold = true }
        guard mayHold else { return false }
        return tape.decodedString(at: index, in: bytes).unicodeScalars.contains {
            $0.value < 0x20 || (0x7F...0x9F).contains($0.value)
        }
    }

    private static func fault(_ reason: String) -> LogError {
        LogError(.invalidEvent, reason)
    }
}

extension JSONTape.Node {
    /// Where its bytes stand in the text; a string's without its quotes.
    fileprivate var bytes: Range<Int> { Int(offset)..<Int(offset + length) }
}

extension JSONTape {
    /// Appends the text of a string node, its escapes resolved.
    func appendText(at index: Int, in bytes: Span<UInt8>, to text: inout [UInt8]) {
        let node = nodes[index]
        if node.isEscaped {
            text.append(contentsOf: decodedBytes(at: index, in: bytes))
        } else {
            text.append(copying: bytes.extracting(Int(node.offset)..<Int(node.offset + node.length)))
        }
    }
}
