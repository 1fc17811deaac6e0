/// An element of a message: names without their namespace prefixes, comments and processing instructions left out.
struct MessageElement: Hashable, Sendable {
    let name: String

    /// The attributes that carry meaning; namespace declarations and schema locations are left out.
    let attributes: [String: String]

    /// The text directly inside, white space trimmed.
    private(set) var text: String = ""

    private(set) var children: [MessageElement] = []

    /// The line its start tag ends on.
    let line: Int

    init(name: String, attributes: [String: String] = [:], line: Int = 0) {
        self.name = name
        self.attributes = attributes
        self.line = line
    }

    mutating func append(_ child: MessageElement) {
        children.append(child)
    }

    /// Takes the text in, trimmed, with line ends as they are everywhere else.
    mutating func setText(_ text: String) {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let scalars = text.replacing("\r\n", with: "\n").unicodeScalars
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return }
        self.text = String(scalars[first...last])
    }

    /// The first child of a name.
    subscript(name: String) -> MessageElement? {
        children.first { $0.name == name }
    }

    /// All children of a name, in order.
    func all(_ name: String) -> [MessageElement] {
        children.filter { $0.name == name }
    }

    /// The text at the end of a path of first children, or nil if it is not there or empty.
    func value(_ path: String...) -> String? {
        var element = self
        for name in path {
            guard let next = element[name] else { return nil }
            element = next
        }
        return element.text.isEmpty ? nil : element.text
    }

    /// All elements reached by a path of names, over every branch.
    func descendants(_ path: String...) -> [MessageElement] {
        path.reduce([self]) { elements, name in elements.flatMap { $0.all(name) } }
    }
}
