/// A path to a value inside a document (RFC 6901): `/importer/name`, `/items/0`; the empty pointer is the whole.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// The keys and indices on the way, unescaped.
    public let tokens: [String]

    public init(tokens: [String]) {
        self.tokens = tokens
    }

    /// Reads a pointer as it is written.
    ///
    /// - Returns: nil if the text is neither empty nor begins with `/`, or has a `~` that is not `~0` or `~1`.
    public init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        // By scalars, not characters: in a character, `/` may have combining marks.
        for part in text.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            var token = ""
            var characters = part.makeIterator()
            while let scalar = characters.next() {
                guard scalar == "~" else {
                    token.unicodeScalars.append(scalar)
                    continue
                }
                switch characters.next() {
                case "0": token += "~"
                case "1": token += "/"
                default: return nil
                }
            }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    /// Pointers are equal if they lead to the same value: keys are compared by their bytes, not by Unicode equivalence.
    public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.elementsEqual(right.tokens) { $0.utf8.elementsEqual($1.utf8) }
    }

    public func hash(into hasher: inout Hasher) {
        for token in tokens { hasher.combine(Array(token.utf8)) }
    }

    /// The index a token stands for in an array: digits without a leading zero.
    static func arrayIndex(_ token: String) -> Int? {
        guard token == "0" || token.utf8.first != UInt8(ascii: "0") else { return nil }
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int(token)
    }

    public var description: String {
        tokens.map { token in
            var text = "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text
        }.joined()
    }
}
