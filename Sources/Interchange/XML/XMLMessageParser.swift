/// Parses a message: the part of XML 1.0 that messages need, and strictly.
///
/// Elements, attributes, text, CDATA, comments, processing instructions, references to characters. A document type
/// declaration is refused where it stands, so there are no entities to resolve and nothing outside the file is ever
/// looked at. The parser is its own because the platform's ends the process on some malformed input, for example
/// invalid UTF-8 in a comment, and malformed input is what an importer must survive.
struct XMLMessageParser {
    /// What is wrong, and on which line.
    struct Malformed: Error, Hashable {
        let line: Int
        let reason: String
    }

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private let maximumElements: Int
    private var at = 0
    private var countedTo = 0
    private var countedLine = 1
    private var elements = 0
    private var open: [Open] = []
    private var root: MessageElement?

    private struct Open {
        let name: String
        var element: MessageElement
        var text = ""
    }

    init(_ bytes: [UInt8], maximumDepth: Int, maximumElements: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.maximumElements = maximumElements
    }

    /// Parses the document.
    ///
    /// - Throws: ``Malformed`` with the first thing that is wrong.
    /// - Complexity: O(*n*) in the number of bytes.
    mutating func parse() throws(Malformed) -> MessageElement {
        try checkCharacters()
        while at < bytes.count {
            guard bytes[at] == UInt8(ascii: "<") else {
                try text()
                continue
            }
            if skip("<!--") {
                try comment()
            } else if skip("<![CDATA[") {
                try characterData()
            } else if skip("<?") {
                try instruction()
            } else if skip("</") {
                try endTag()
            } else if skip("<!") {
                throw fault("holds a document type declaration; messages with one are not read, whatever it declares")
            } else {
                at += 1
                try startTag()
            }
        }
        guard open.isEmpty, let root else {
            let name = open.last.map { "inside <\($0.name)>" } ?? "without an element"
            throw fault("is not well-formed XML: it ends \(name)")
        }
        return root
    }

    /// Refuses what is not UTF-8, and characters that XML does not allow.
    private mutating func checkCharacters() throws(Malformed) {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                guard XMLCharacters.isAllowed(scalar) else {
                    at = offset
                    throw fault("is not well-formed XML: a character that XML does not allow")
                }
                offset += UTF8.width(scalar)
            case .emptyInput:
                return
            case .error:
                at = offset
                throw fault("is not in UTF-8, the only encoding that is read")
            }
        }
    }

    private mutating func startTag() throws(Malformed) {
        let name = try name("a tag")
        guard root == nil || !open.isEmpty else { throw malformed("there is a second root element") }
        var attributes: [String: String] = [:]
        var seen: Set<String> = []
        while true {
            let hadSpace = skipSpace()
            if skip("/>") {
                try begin(name, attributes)
                return try end(name)
            }
            if skip(">") { return try begin(name, attributes) }
            guard at < bytes.count else { throw malformed("it ends inside a tag") }
            guard hadSpace else { throw malformed("a tag is not written properly") }
            let key = try self.name("an attribute")
            _ = skipSpace()
            guard skip("=") else { throw malformed("the attribute \(key) has no value") }
            _ = skipSpace()
            let value = try attributeValue(of: key)
            guard seen.insert(key).inserted else { throw malformed("the attribute \(key) is given twice") }
            let local = XMLName.local(key)
            if !key.hasPrefix("xmlns"), local != "schemaLocation" { attributes[local] = value }
        }
    }

    private mutating func begin(_ name: String, _ attributes: [String: String]) throws(Malformed) {
        elements += 1
        guard elements <= maximumElements else { throw fault("has more than \(maximumElements) elements") }
        guard open.count < maximumDepth else {
            throw fault("has elements more than \(maximumDepth) deep inside one another")
        }
        let element = MessageElement(name: XMLName.local(name), attributes: attributes, line: line())
        open.append(Open(name: name, element: element))
    }

    private mutating func endTag() throws(Malformed) {
        let name = try name("an end tag")
        _ = skipSpace()
        guard skip(">") else { throw malformed("an end tag is not written properly") }
        try end(name)
    }

    private mutating func end(_ name: String) throws(Malformed) {
        guard let closed = open.popLast(), closed.name == name else {
            throw malformed("the end tag </\(name.prefix(60))> does not match its start tag")
        }
        var element = closed.element
        element.setText(closed.text)
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].element.append(element)
        }
    }

    private mutating func text() throws(Malformed) {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
        guard !open.isEmpty else {
            guard bytes[start..<at].allSatisfy(XMLCharacters.isSpace) else {
                at = start
                throw malformed("there is text outside the root element")
            }
            return
        }
        let raw = String(decoding: bytes[start..<at], as: UTF8.self)
        guard !raw.contains("]]>") else { throw malformed("there is a ]]> in the text") }
        open[open.count - 1].text += try resolved(raw)
    }

    private mutating func attributeValue(of key: String) throws(Malformed) -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
            throw malformed("the value of the attribute \(key) is not in quotation marks")
        }
        let quote = bytes[at]
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != quote {
            guard bytes[at] != UInt8(ascii: "<") else { throw malformed("there is a < in the attribute \(key)") }
            at += 1
        }
        guard at < bytes.count else { throw malformed("it ends inside the attribute \(key)") }
        defer { at += 1 }
        return try resolved(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    /// Puts the characters in that references stand for.
    private mutating func resolved(_ raw: String) throws(Malformed) -> String {
        guard raw.utf8.contains(UInt8(ascii: "&")) else { return raw }
        var text = ""
        var rest = Substring(raw)
        while let start = rest.firstIndex(of: "&") {
            text += rest[..<start]
            rest = rest[rest.index(after: start)...]
            guard let end = rest.prefix(32).firstIndex(of: ";"),
                let scalar = XMLCharacters.character(for: rest[..<end])
            else { throw malformed("there is a & that begins no character reference, or an entity that is not known") }
            text.unicodeScalars.append(scalar)
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    private mutating func comment() throws(Malformed) {
        guard let end = find("--") else { throw malformed("a comment is not ended") }
        at = end + 2
        guard skip(">") else { throw malformed("a comment has two hyphens inside, or is not ended") }
    }

    private mutating func characterData() throws(Malformed) {
        guard !open.isEmpty else { throw malformed("there is text outside the root element") }
        guard let end = find("]]>") else { throw malformed("a CDATA section is not ended") }
        open[open.count - 1].text += String(decoding: bytes[at..<end], as: UTF8.self)
        at = end + 3
    }

    private mutating func instruction() throws(Malformed) {
        let start = at - 2
        let target = try name("a processing instruction")
        guard let end = find("?>") else { throw malformed("a processing instruction is not ended") }
        if target.lowercased() == "xml" {
            guard start == 0 else { throw malformed("an XML declaration that is not at the start") }
            let declared = String(decoding: bytes[at..<end], as: UTF8.self).lowercased()
            if declared.contains("encoding"), !declared.contains("utf-8"), !declared.contains("us-ascii") {
                throw fault("is not in UTF-8, the only encoding that is read")
            }
        }
        at = end + 2
    }

    private mutating func name(_ place: String) throws(Malformed) -> String {
        let start = at
        guard at < bytes.count, XMLName.begins(bytes[at]) else { throw malformed("\(place) has no name") }
        while at < bytes.count, XMLName.continues(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func skipSpace() -> Bool {
        let start = at
        while at < bytes.count, XMLCharacters.isSpace(bytes[at]) { at += 1 }
        return at > start
    }

    private mutating func skip(_ mark: StaticString) -> Bool {
        guard matches(mark, at) else { return false }
        at += mark.utf8CodeUnitCount
        return true
    }

    private func find(_ mark: StaticString) -> Int? {
        var place = at
        while place < bytes.count {
            if matches(mark, place) { return place }
            place += 1
        }
        return nil
    }

    private func matches(_ mark: StaticString, _ place: Int) -> Bool {
        guard bytes.count - place >= mark.utf8CodeUnitCount else { return false }
        return mark.withUTF8Buffer { buffer in buffer.elementsEqual(bytes[place..<place + buffer.count]) }
    }

    private mutating func malformed(_ detail: String) -> Malformed {
        fault("is not well-formed XML: \(detail)")
    }

    private mutating func fault(_ reason: String) -> Malformed {
        Malformed(line: line(), reason: reason)
    }

    /// The line of `at`, counted on from where it was last asked for.
    private mutating func line() -> Int {
        let place = min(at, bytes.count)
        guard place >= countedTo else {
            return bytes[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        }
        countedLine += bytes[countedTo..<place].count { $0 == UInt8(ascii: "\n") }
        countedTo = place
        return countedLine
    }
}
