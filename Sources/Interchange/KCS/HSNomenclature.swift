import Foundation

/// The six-digit codes of one edition of the Harmonized System, to remark on codes of another edition.
///
/// Editions change every five years, and old declarations keep their old codes: an unknown code is a remark, never a
/// reason to refuse.
public struct HSNomenclature: Sendable {
    private let codes: Set<String>

    /// Makes a nomenclature of its six-digit codes.
    public init(codes: some Sequence<String>) {
        self.codes = Set(codes)
    }

    /// Reads a table whose header names a column `hscode`; codes of other lengths than six are headings and left out.
    ///
    /// - Throws: ``ImportFault`` if the file cannot be read or has no such column.
    /// - Complexity: O(*n*) in the size of the file.
    public init(contentsOf path: String) throws(ImportFault) {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ImportFault(file: path, reason: "cannot be opened; check the path and its permissions")
        }
        var reader = CSVReader(ByteSource(handle))
        var codes: Set<String> = []
        do throws(CSVReader.Malformed) {
            guard let column = try reader.next()?.fields.firstIndex(of: "hscode") else {
                throw CSVReader.Malformed(line: 1, reason: "the header names no column hscode")
            }
            while let record = try reader.next() {
                if record.fields.count > column, record.fields[column].utf8.count == 6 {
                    codes.insert(record.fields[column])
                }
            }
        } catch {
            throw ImportFault(file: path, line: error.line, reason: error.reason)
        }
        self.codes = codes
    }

    /// Whether a six-digit code is in this edition.
    ///
    /// - Complexity: O(1).
    public func contains(_ code: String) -> Bool {
        codes.contains(code)
    }
}
