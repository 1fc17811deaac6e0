/// A CSV file read letter by letter, apart from the reader of the product, to compare with it.
public enum NaiveCSV {
    /// The rows below the header, each by the names of the columns.
    public static func rows(_ bytes: [UInt8]) -> [[String: String]] {
        var records: [[String]] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        func text() -> String { String(decoding: field, as: UTF8.self) }
        for (at, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\""):
                // The second of two in a quoted field stands for one.
                if !isQuoted, at > 0, bytes[at - 1] == byte { field.append(byte) }
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(text())
                field = []
            case UInt8(ascii: "\n") where !isQuoted:
                records.append(fields + [text()])
                (fields, field) = ([], [])
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
        }
        if !fields.isEmpty { records.append(fields + [text()]) }
        guard let header = records.first else { return [] }
        return records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }
}
