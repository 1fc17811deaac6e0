/// What keeps a text from being an identifier.
public struct IdentifierError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// It has too few or too many characters.
        case length
        /// A character cannot stand where it does.
        case character
        /// The check digit is not that of the others: one was misread, or two were exchanged.
        case checkDigit
    }

    public let code: Code
    /// What is wrong, of what, and what to do.
    public let reason: String
    /// Which character it is about, from 0 on; nil if it is about all of them.
    public let index: Int?

    init(_ code: Code, _ reason: String, at index: Int? = nil) {
        self.code = code
        self.reason = reason
        self.index = index
    }

    public var description: String { "\(code.rawValue): \(reason)" }

    /// Checks how many characters a text has.
    static func check(_ text: String, has count: Int, _ what: String) throws(IdentifierError) {
        guard text.utf8.count == count else {
            throw IdentifierError(
                .length, "\(what) has \(count) characters; “\(text.prefix(32))” has \(text.utf8.count) bytes.")
        }
    }

    /// Checks each character.
    static func check(
        _ text: String, _ what: String, _ expected: (Int) -> String, _ fits: (Int, UInt8) -> Bool
    ) throws(IdentifierError) {
        for (index, byte) in text.utf8.enumerated() where !fits(index, byte) {
            throw IdentifierError(
                .character, "“\(text)” is no \(what): \(expected(index)) is expected as character \(index + 1).",
                at: index)
        }
    }

    /// Checks the last character.
    static func check(_ text: String, endsWith check: String, _ what: String) throws(IdentifierError) {
        guard text.utf8.suffix(1).elementsEqual(check.utf8) else {
            throw IdentifierError(
                .checkDigit, "“\(text)” is no \(what): its check digit would be \(check). Compare it with its source.",
                at: text.utf8.count - 1)
        }
    }
}
