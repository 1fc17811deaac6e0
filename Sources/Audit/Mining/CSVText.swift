/// Lines of comma-separated values (RFC 4180): fields quoted where they must be, lines ended by CR LF.
enum CSVText {
    /// What a spreadsheet takes for the beginning of a formula.
    private static let formula: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]

    /// A field that is a number or a name of our own, or one that comes from outside.
    enum Field {
        case number(String)
        case text(String)
    }

    static func line(_ fields: [Field]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            switch field {
            case .number(let digits): line += digits.utf8
            case .text(let text): append(text, to: &line)
            }
        }
        return line + [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// Appends a text. One that a spreadsheet would calculate gets an apostrophe before it.
    private static func append(_ text: String, to line: inout [UInt8]) {
        let isFormula = text.unicodeScalars.first.map(formula.contains) ?? false
        let shown = isFormula ? "'" + text : text
        guard shown.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
            line += shown.utf8
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in shown.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(byte) }
            line.append(byte)
        }
        line.append(UInt8(ascii: "\""))
    }
}
