internal import JSONSchema

/// The number that a ship has for life: `9074729`, said as IMO 9074729.
///
/// Source: IMO resolution A.1117(30). Its check digit finds any two neighbouring digits of the first six that were
/// exchanged, and one digit that is wrong unless its weight hides it: the second (weight 6), third (5), fourth (4) and sixth (2) have
/// a divisor in common with 10.
public struct ShipNumber: Sendable, Hashable, CustomStringConvertible {
    private static let name = "IMO number"

    /// The seven digits.
    public let text: String

    /// Reads a number, without the letters IMO.
    ///
    /// - Throws: ``IdentifierError``.
    public init(_ text: String) throws(IdentifierError) {
        try IdentifierError.check(text, has: 7, "An IMO number")
        try Self.checkDigits(text)
        try IdentifierError.check(text, endsWith: Self.digit(text), Self.name)
        self.text = text
    }

    /// The check digit of the first six digits.
    ///
    /// - Throws: ``IdentifierError``.
    public static func checkDigit(of body: String) throws(IdentifierError) -> Int {
        try IdentifierError.check(body, has: 6, "An IMO number without its check digit")
        try checkDigits(body)
        return CheckDigit.ship(Array(body.utf8).span) ?? 0
    }

    public var description: String { text }

    private static func checkDigits(_ text: String) throws(IdentifierError) {
        try IdentifierError.check(text, name) { _ in
            "a digit"
        } _: { _, byte in
            (0x30...0x39).contains(byte)
        }
    }

    private static func digit(_ text: String) -> String { String(CheckDigit.ship(Array(text.utf8).span) ?? 0) }
}
