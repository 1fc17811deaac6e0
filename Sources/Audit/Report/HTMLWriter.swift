/// Writes HTML. What comes from outside goes through ``text(_:)``, which leaves nothing in it that means anything.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    /// Writes markup of our own.
    mutating func raw(_ markup: String) { bytes += markup.utf8 }

    /// Writes a text: `&`, `<`, `>` and quotes escaped; control characters, and those by which a text is shown in another order
    /// than it stands in, as their code points.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": raw("&amp;")
            case "<": raw("&lt;")
            case ">": raw("&gt;")
            case "\"": raw("&quot;")
            case "'": raw("&#39;")
            case "\u{0}"..<" ", "\u{7F}"..."\u{9F}", "\u{061C}", "\u{200B}"..."\u{200F}", "\u{2028}"..."\u{202E}",
                "\u{2060}"..."\u{206F}", "\u{FEFF}", "\u{FFF0}"..."\u{FFFF}":
                let code = String(scalar.value, radix: 16, uppercase: true)
                raw("⟨U+\(String(repeating: "0", count: max(0, 4 - code.count)))\(code)⟩")
            default: bytes += String(scalar).utf8
            }
        }
    }

    /// Writes an element with a text in it.
    ///
    /// - Parameters:
    ///   - name: Of the element, with attributes of our own after it.
    mutating func element(_ name: String, _ text: String) {
        raw("<\(name)>")
        self.text(text)
        raw("</\(name.prefix { $0 != " " })>")
    }

    /// Writes a table row.
    mutating func row(_ cells: [(inout HTMLWriter) -> Void], id: String? = nil) {
        raw(id.map { "<tr id=\"\($0)\">" } ?? "<tr>")
        for (index, cell) in cells.enumerated() {
            raw(index == 0 ? "<th scope=\"row\">" : "<td>")
            cell(&self)
            raw(index == 0 ? "</th>" : "</td>")
        }
        raw("</tr>\n")
    }

    /// Writes the head of a table and begins its body.
    ///
    /// - Parameter titles: Texts of our own.
    mutating func table(_ caption: String, _ titles: [String], class name: String = "") {
        raw(
            "<div class=\"scroll\"><table\(name.isEmpty ? "" : " class=\"\(name)\"")><caption>\(caption)</caption><thead><tr>"
        )
        for title in titles { raw("<th scope=\"col\">\(title)</th>") }
        raw("</tr></thead><tbody>\n")
    }

    mutating func endTable() { raw("</tbody></table></div>\n") }
}
