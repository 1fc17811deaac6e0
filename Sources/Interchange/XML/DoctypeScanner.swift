/// Finds document type declarations before a parser sees them.
///
/// A DOCTYPE may declare entities that reach out to files and hosts, or unfold to gigabytes. No customs message needs
/// one, so a file with one is refused unparsed. `<!` may stand in XML only before a comment, a CDATA section and such a
/// declaration: whatever is neither of the first two is one.
enum DoctypeScanner {
    /// The line of the first declaration, or nil.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    static func firstDeclaration(in bytes: [UInt8]) -> Int? {
        var at = 0
        while let open = bytes[at...].firstIndex(of: UInt8(ascii: "<")) {
            at = open + 1
            let rest = bytes[at...]
            if rest.starts(with: "!--".utf8) {
                at = end(of: "-->", in: bytes, from: at + 3)
            } else if rest.starts(with: "![CDATA[".utf8) {
                at = end(of: "]]>", in: bytes, from: at + 8)
            } else if rest.starts(with: "?".utf8) {
                at = end(of: "?>", in: bytes, from: at + 1)
            } else if rest.starts(with: "!".utf8) {
                return bytes[..<open].count { $0 == UInt8(ascii: "\n") } + 1
            }
        }
        return nil
    }

    /// The index after the next occurrence of a mark, or the end.
    private static func end(of mark: String, in bytes: [UInt8], from start: Int) -> Int {
        let wanted = Array(mark.utf8)
        var at = start
        while at + wanted.count <= bytes.count {
            if bytes[at] == wanted[0], bytes[at..<at + wanted.count].elementsEqual(wanted) { return at + wanted.count }
            at += 1
        }
        return bytes.count
    }
}
