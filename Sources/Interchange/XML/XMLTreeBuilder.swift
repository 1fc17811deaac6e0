import Foundation
import FoundationXML

/// Builds the tree of a message from the parser's calls, and stops it when a limit is reached.
final class XMLTreeBuilder: NSObject, XMLParserDelegate {
    /// Why the builder stopped the parser.
    struct Stop {
        var line: Int
        var reason: String
    }

    private(set) var root: MessageElement?
    private(set) var stop: Stop?

    /// The line of the first error the parser reported.
    private(set) var errorLine: Int?

    private let maximumDepth: Int
    private let maximumElements: Int
    private var open: [(element: MessageElement, text: String)] = []
    private var count = 0

    init(maximumDepth: Int, maximumElements: Int) {
        self.maximumDepth = maximumDepth
        self.maximumElements = maximumElements
    }

    func parser(
        _ parser: XMLParser,
        didStartElement elementName: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes attributeDict: [String: String]
    ) {
        guard stop == nil else { return }
        count += 1
        guard count <= maximumElements else {
            return halt(parser, "has more than \(maximumElements) elements")
        }
        guard open.count < maximumDepth else {
            return halt(parser, "has elements more than \(maximumDepth) deep inside one another")
        }
        var attributes: [String: String] = [:]
        for (key, value) in attributeDict where !key.hasPrefix("xmlns") {
            let name = Self.localName(key)
            if name != "schemaLocation" { attributes[name] = value }
        }
        let element = MessageElement(
            name: Self.localName(elementName), attributes: attributes, line: parser.lineNumber)
        open.append((element, ""))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        guard stop == nil, !open.isEmpty else { return }
        open[open.count - 1].text += string
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        guard stop == nil, !open.isEmpty else { return }
        open[open.count - 1].text += String(decoding: block, as: UTF8.self)
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName: String?
    ) {
        guard stop == nil, let closed = open.popLast() else { return }
        var element = closed.element
        element.setText(closed.text.trimmingCharacters(in: .whitespacesAndNewlines))
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].element.append(element)
        }
    }

    func parser(_ parser: XMLParser, parseErrorOccurred parseError: any Error) {
        if errorLine == nil { errorLine = parser.lineNumber }
    }

    private func halt(_ parser: XMLParser, _ reason: String) {
        stop = Stop(line: parser.lineNumber, reason: reason)
        parser.abortParsing()
    }

    /// A name without its namespace prefix, and without the `_2` that a broken export glues on in its place
    /// (`_2MetaData` for `_2:MetaData`).
    static func localName(_ name: String) -> String {
        let local = name.split(separator: ":", omittingEmptySubsequences: false).last ?? Substring(name)
        guard local.hasPrefix("_") else { return String(local) }
        let rest = local.dropFirst().drop { $0.isASCII && $0.isNumber }
        guard rest.count < local.count - 1, rest.first?.isLetter == true else { return String(local) }
        return String(rest)
    }
}
