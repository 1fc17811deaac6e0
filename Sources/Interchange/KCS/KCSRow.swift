/// A row of the declarations file, checked.
struct KCSRow: Hashable, Sendable {
    let line: Int
    private let fields: [String]

    /// Whether the inspection found anything against the declaration, and how grave: 0 nothing, 1, 2 critical.
    let isFraud: Bool
    let severity: Int64

    subscript(column: KCSColumn) -> String { fields[column.rawValue] }

    /// The field, or nil where it is empty.
    func value(_ column: KCSColumn) -> String? {
        let field = fields[column.rawValue]
        return field.isEmpty ? nil : field
    }

    /// Checks a record.
    ///
    /// - Throws: ``Refusal`` with the first thing that is wrong.
    init(_ record: CSVRecord) throws(Refusal) {
        let line = record.line
        guard record.fields.count == Self.columnCount else {
            throw Refusal("has \(record.fields.count) columns, not \(Self.columnCount)", line: line)
        }
        self.line = line
        fields = record.fields
        for column in Self.required where fields[column.rawValue].isEmpty {
            throw Refusal("has no \(column.header)", line: line)
        }
        for column in Self.identifiers where !Self.isIdentifier(fields[column.rawValue]) {
            throw Refusal("has a \(column.header) with other than letters and digits, or over 32", line: line)
        }
        guard Self.isDate(fields[KCSColumn.date.rawValue]) else {
            throw Refusal("has a Date that is no day written YYYY-MM-DD", line: line)
        }
        let code = fields[KCSColumn.hs6.rawValue].utf8
        guard code.count == 6, code.allSatisfy(Self.isDigit) else {
            throw Refusal("has an HS6 Code of other than six digits", line: line)
        }
        for column in Self.decimals where !Self.isDecimal(fields[column.rawValue]) {
            throw Refusal("has a \(column.header) that is no decimal number", line: line)
        }
        guard let severity = Int64(fields[KCSColumn.criticalFraud.rawValue]), (0...2).contains(severity) else {
            throw Refusal("has a Critical Fraud other than 0, 1 or 2", line: line)
        }
        switch fields[KCSColumn.fraud.rawValue] {
        case "0": isFraud = false
        case "1": isFraud = true
        default: throw Refusal("has a Fraud other than 0 or 1", line: line)
        }
        self.severity = severity
    }

    /// Whether the inspection ended with a finding.
    var hasFinding: Bool { isFraud || severity > 0 }

    private static let columnCount = KCSColumn.allCases.count
    private static let decimals: [KCSColumn] = [.taxRate, .netMass, .itemPrice]
    private static let required: [KCSColumn] = [.declarationID, .declarant, .importer, .office]
    private static let identifiers: [KCSColumn] = [.declarationID, .declarant, .importer, .seller, .courier, .office]

    private static func isIdentifier(_ text: String) -> Bool {
        text.utf8.count <= 32
            && text.utf8.allSatisfy { byte in
                isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
            }
    }

    private static func isDate(_ text: String) -> Bool {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.isAtEnd, (1...12).contains(month), day >= 1
        else { return false }
        return day <= MessageTime.days(in: month, of: year)
    }

    private static func isDecimal(_ text: String) -> Bool {
        var digits = 0
        var points = 0
        for byte in text.utf8 {
            if isDigit(byte) {
                digits += 1
            } else if byte == UInt8(ascii: ".") {
                points += 1
            } else {
                return false
            }
        }
        return digits > 0 && points <= 1
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
