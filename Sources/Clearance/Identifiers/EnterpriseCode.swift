internal import JSONSchema

/// A unified social credit code, 统一社会信用代码: `91350100M000100Y43`.
///
/// Source: GB 32100-2015. Its check character finds any one character that is wrong and any two neighbours that were
/// exchanged: 31 is prime, and neighbours have different weights.
public struct EnterpriseCode: Sendable, Hashable, CustomStringConvertible {
    private static let name = "unified social credit code"
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// All eighteen characters.
    public let text: String

    /// Reads a code.
    ///
    /// - Throws: ``IdentifierError``.
    public init(_ text: String) throws(IdentifierError) {
        try IdentifierError.check(text, has: 18, "A unified social credit code")
        try Self.checkCharacters(text)
        try IdentifierError.check(text, endsWith: Self.character(text), Self.name)
        self.text = text
    }

    /// The check character of the first seventeen.
    ///
    /// - Throws: ``IdentifierError``.
    public static func checkCharacter(of body: String) throws(IdentifierError) -> Character {
        try IdentifierError.check(body, has: 17, "A unified social credit code without its check character")
        try checkCharacters(body)
        return Character(character(body))
    }

    /// The administrative division that registered it, GB/T 2260.
    public var division: Substring { text.dropFirst(2).prefix(6) }
    /// The code of the organisation, GB 11714.
    public var organisation: Substring { text.dropFirst(8).prefix(9) }

    public var description: String { text }

    private static func checkCharacters(_ text: String) throws(IdentifierError) {
        try IdentifierError.check(text, name) { index in
            (2..<8).contains(index) ? "a digit" : "a digit or a capital letter but I, O, S, V and Z"
        } _: { index, byte in
            (2..<8).contains(index) ? (0x30...0x39).contains(byte) : CheckDigit.enterpriseValue(byte) != nil
        }
    }

    private static func character(_ text: String) -> String {
        String(alphabet[CheckDigit.enterprise(Array(text.utf8).span) ?? 0])
    }
}
