import Foundation
import FoundationXML

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
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.prefix(64).contains(0) {
            // The scan for declarations reads ASCII; in another encoding one could pass it unseen.
            throw ImportFault(file: name, line: 1, reason: "is not in UTF-8, the only encoding that is read")
        }
        if let line = DoctypeScanner.firstDeclaration(in: bytes) {
            throw ImportFault(
                file: name, line: line,
                reason: "holds a document type declaration; messages with one are not read, whatever it declares")
        }
        let builder = XMLTreeBuilder(maximumDepth: maximumDepth, maximumElements: maximumElements)
        let parser = XMLParser(data: Data(Self.trimmed(bytes)))
        parser.shouldResolveExternalEntities = false
        parser.shouldProcessNamespaces = false
        parser.delegate = builder
        let isWellFormed = parser.parse()
        let skippedLines = Self.leadingLines(bytes)
        if let stop = builder.stop {
            throw ImportFault(file: name, line: stop.line + skippedLines, reason: stop.reason)
        }
        guard isWellFormed, let root = builder.root else {
            let line = builder.errorLine ?? parser.lineNumber
            let reason = XMLFaultText.reason(for: parser.parserError)
            throw ImportFault(file: name, line: max(1, line) + skippedLines, reason: reason)
        }
        return root
    }

    private func checkSize(_ bytes: Int, of name: String) throws(ImportFault) {
        guard bytes <= maximumBytes else {
            throw ImportFault(file: name, reason: "has \(bytes) bytes, over the limit of \(maximumBytes)")
        }
    }

    /// The bytes from the first `<` on: exported messages often begin with blank lines, which is harmless unless an
    /// XML declaration follows.
    private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3).drop(while: isSpace) : bytes.drop(while: isSpace)
    }

    private static func leadingLines(_ bytes: [UInt8]) -> Int {
        bytes.prefix(bytes.count - trimmed(bytes).count).count { $0 == UInt8(ascii: "\n") }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
