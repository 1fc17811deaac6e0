import Foundation

/// Reads an XML file into a tree of elements, within limits, and reaching nothing outside the file.
struct XMLMessageReader {
    var maximumBytes = XMLLimits.bytes
    var maximumDepth = XMLLimits.depth
    var maximumElements = XMLLimits.elements

    /// Reads a file.
    ///
    /// - Throws: ``ImportFault`` with the line where the file stops being well-formed, or what limit it breaks.
    /// - Complexity: O(*n*) in the size of the file.
    func read(_ file: SourceFile) throws(ImportFault) -> MessageElement {
        if let obstacle = file.obstacle { throw ImportFault(file: file.path, reason: obstacle) }
        try checkSize(Int(clamping: file.size), of: file.path)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw ImportFault(file: file.path, reason: "cannot be read; check its permissions")
        }
        return try read(Array(data), name: file.path)
    }

    /// Reads the bytes of a file.
    ///
    /// - Throws: ``ImportFault`` as ``read(_:)`` does.
    func read(_ bytes: [UInt8], name: String) throws(ImportFault) -> MessageElement {
        try checkSize(bytes.count, of: name)
        guard !bytes.isEmpty else { throw ImportFault(file: name, reason: "is empty") }
        let document = Self.withoutLeadingSpace(bytes)
        var parser = XMLMessageParser(
            Array(document), maximumDepth: maximumDepth, maximumElements: maximumElements)
        do throws(XMLMessageParser.Malformed) {
            return try parser.parse()
        } catch {
            let skipped = bytes[..<document.startIndex].count { $0 == UInt8(ascii: "\n") }
            throw ImportFault(file: name, line: error.line + skipped, reason: error.reason)
        }
    }

    private func checkSize(_ bytes: Int, of name: String) throws(ImportFault) {
        guard bytes <= maximumBytes else {
            throw ImportFault(file: name, reason: "has \(bytes) bytes, over the limit of \(maximumBytes)")
        }
    }

    /// The bytes behind a byte order mark and white space: exported messages often begin with blank lines, which is
    /// harmless, but would make an XML declaration after them an error.
    private static func withoutLeadingSpace(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        return content.drop(while: XMLCharacters.isSpace)
    }
}
