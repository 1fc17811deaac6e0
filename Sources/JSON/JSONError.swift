/// Why bytes are not JSON that this project accepts, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable {
        case unexpectedEnd, unexpectedByte, trailingBytes
        case invalidUTF8, loneSurrogate, nonCharacter, invalidEscape, controlCharacter
        case invalidNumber, numberOutOfRange
        case duplicateKey, tooDeep, tooLarge
    }

    public let code: Code

    /// The offset in bytes, from 0, of the first byte that is at fault.
    public let offset: Int

    public init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    public var description: String { "\(explanation) at byte \(offset)" }

    private var explanation: String {
        switch code {
        case .unexpectedEnd: "the text ends within a value"
        case .unexpectedByte: "a byte that cannot stand here"
        case .trailingBytes: "something after the value"
        case .invalidUTF8: "invalid UTF-8"
        case .loneSurrogate: "a \\u escape that is half of a surrogate pair"
        case .nonCharacter: "a code point that is no character, such as U+FFFE"
        case .invalidEscape: "an escape that JSON does not have"
        case .controlCharacter: "a control character inside a string; escape it"
        case .invalidNumber: "a malformed number"
        case .numberOutOfRange: "a number outside ±(2^53−1), or not finite; send it as a string"
        case .duplicateKey: "a key that the object already has"
        case .tooDeep: "nesting deeper than the limit"
        case .tooLarge: "a text over the size limit"
        }
    }
}
