internal import JSONSchema

/// The number of a freight container: `CSQU3054383`.
///
/// Source: ISO 6346. Its check digit finds any one digit that is wrong and any two neighbouring digits that were exchanged,
/// but where one of the remainders is 10 and the other 0, as both are written 0.
public struct ContainerNumber: Sendable, Hashable, CustomStringConvertible {
    private static let name = "container number"

    /// All eleven characters.
    public let text: String

    /// Reads a number, without spaces.
    ///
    /// - Throws: ``IdentifierError``.
    public init(_ text: String) throws(IdentifierError) {
        try IdentifierError.check(text, has: 11, "A container number")
        try Self.checkBody(text, digits: 4..<11)
        try IdentifierError.check(text, endsWith: Self.digit(text), Self.name)
        self.text = text
    }

    /// The check digit of the first ten characters of a number.
    ///
    /// - Throws: ``IdentifierError``.
    public static func checkDigit(of body: String) throws(IdentifierError) -> Int {
        try IdentifierError.check(body, has: 10, "A container number without its check digit")
        try checkBody(body, digits: 4..<10)
        return (remainder(body) ?? 0) % 10
    }

    /// The owner's code.
    public var owner: Substring { text.prefix(3) }
    /// `U` for a container, `J` for equipment that is detached from one, `Z` for a trailer or chassis.
    public var category: Character { text[text.index(text.startIndex, offsetBy: 3)] }
    /// The serial number, of six digits.
    public var serial: Substring { text.dropFirst(4).prefix(6) }
    /// Whether the remainder is 10, which is written 0: the standard advises against such numbers.
    public var isAmbiguous: Bool { Self.remainder(text) == 10 }

    public var description: String { text }

    private static func checkBody(_ text: String, digits: Range<Int>) throws(IdentifierError) {
        let categories = Array("UJZ".utf8)
        try IdentifierError.check(text, name) { index in
            index < 3 ? "a capital letter" : index == 3 ? "U, J or Z" : "a digit"
        } _: { index, byte in
            if digits.contains(index) { return (0x30...0x39).contains(byte) }
            return index == 3 ? categories.contains(byte) : (0x41...0x5A).contains(byte)
        }
    }

    private static func remainder(_ text: String) -> Int? { CheckDigit.containerRemainder(Array(text.utf8).span) }

    private static func digit(_ text: String) -> String { String((remainder(text) ?? 0) % 10) }
}
