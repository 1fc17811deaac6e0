/// A parsed JSON text together with its bytes.
public struct JSONDocument: Sendable {
    /// The text.
    public let bytes: [UInt8]
    /// Its parsed form.
    public let tape: JSONTape

    /// Parses a text.
    ///
    /// - Throws: ``JSONError`` with the offset of the first fault.
    /// - Complexity: O(*n*) in the number of bytes.
    public init(parsing bytes: [UInt8], limits: JSONParser.Limits = .init()) throws(JSONError) {
        var parser = JSONParser(limits: limits)
        var tape = JSONTape()
        try parser.parse(bytes.span, into: &tape)
        self.bytes = bytes
        self.tape = tape
    }

    /// Parses a text with a parser and a tape that are used for many: the document gets a tape of its own that is as large
    /// as it need be.
    ///
    /// - Throws: ``JSONError`` with the offset of the first fault.
    /// - Complexity: O(*n*) in the number of bytes.
    package init(
        parsing bytes: [UInt8], with parser: inout JSONParser, by way: inout JSONTape
    ) throws(JSONError) {
        try parser.parse(bytes.span, into: &way)
        self.bytes = bytes
        tape = way.compacted
    }

    /// A value of another document as one of its own, without parsing it again; nil if the other's text is not compact.
    ///
    /// - Complexity: O(*n*) in its bytes.
    package init?(extracting value: JSONValue) {
        guard value.document.tape.whitespaceBytes == 0 else { return nil }
        bytes = Array(value.text)
        tape = value.document.tape.extracted(value.index)
    }

    /// The whole value.
    public var root: JSONValue { JSONValue(document: self, index: 0) }
}
