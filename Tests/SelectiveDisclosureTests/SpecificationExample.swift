import TestSupport

/// The claims of one of the specification's example inputs, with what is marked `!sd` as marks.
///
/// Reads as much YAML as these files use: blocks of members and elements, flow lists of scalars, quotes and comments.
struct SpecificationExample {
    private(set) var claims = Tree.scalar("null")

    private struct Line {
        var indent: Int
        var text: String
    }

    private var lines: [Line] = []
    private var at = 0
    private var marks = 0

    init(_ name: String) throws {
        let bytes = try SharedFolder.bytes("vectors/sd-jwt/examples/\(name)/specification.yml")
        let all = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = all.firstIndex(of: "user_claims:") else { throw SampleError(reason: "no claims in \(name)") }
        for line in all[(start + 1)...] {
            let text = Self.withoutComment(line)
            guard !text.isEmpty else { continue }
            let indent = text.prefix { $0 == " " }.count
            guard indent > 0 else { break }
            lines.append(Line(indent: indent, text: String(text.dropFirst(indent))))
        }
        claims = try block()
        guard at == lines.count else { throw SampleError(reason: "line “\(lines[at].text)” of \(name)") }
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var quote: Character?
        var end = line.startIndex
        for index in line.indices {
            let character = line[index]
            if quote == nil, character == "#", index == line.startIndex || line[line.index(before: index)] == " " {
                break
            }
            if character == quote { quote = nil } else if quote == nil, "\"'".contains(character) { quote = character }
            if character != " " { end = line.index(after: index) }
        }
        return line[..<end]
    }

    /// A text without `!sd` before it, and the mark it had by that.
    private mutating func taken(_ text: String) -> (text: String, mark: Int?) {
        guard text == "!sd" || text.hasPrefix("!sd ") else { return (text, nil) }
        marks += 1
        return (String(text.dropFirst(4)), marks - 1)
    }

    private mutating func block() throws -> Tree {
        let indent = lines[at].indent
        if lines[at].text.hasPrefix("- ") {
            var items: [Tree.Item] = []
            while at < lines.count, lines[at].indent == indent, lines[at].text.hasPrefix("- ") {
                let (text, mark) = taken(String(lines[at].text.dropFirst(2)))
                lines[at] = Line(indent: indent + 2, text: text)
                if text.isEmpty { at += 1 }
                items.append(Tree.Item(value: try item(), mark: mark))
            }
            return .array(items, decoys: nil)
        }
        var members: [Tree.Member] = []
        while at < lines.count, lines[at].indent == indent, !lines[at].text.hasPrefix("- ") {
            let (text, mark) = taken(lines[at].text)
            guard let (name, rest) = Self.member(text) else {
                throw SampleError(reason: "line “\(lines[at].text)”")
            }
            at += 1
            let value = rest.isEmpty ? try block() : try inline(rest)
            members.append(Tree.Member(name: name, item: Tree.Item(value: value, mark: mark)))
        }
        return .object(members, decoys: nil)
    }

    /// What an element is: a block, or a scalar on its line.
    private mutating func item() throws -> Tree {
        guard Self.member(lines[at].text) == nil, !lines[at].text.hasPrefix("!sd ") else { return try block() }
        at += 1
        return try inline(lines[at - 1].text)
    }

    /// The name of a member and what follows its colon, or nil if the line is not one.
    private static func member(_ text: String) -> (name: String, rest: String)? {
        if let match = text.wholeMatch(of: /"([^"]*)":\s*(.*)/) { return (String(match.1), String(match.2)) }
        guard let match = text.wholeMatch(of: /([^"'\[{:][^:]*):(\s.*)?/) else { return nil }
        return (String(match.1), String((match.2 ?? "").drop { $0 == " " }))
    }

    private mutating func inline(_ text: String) throws -> Tree {
        guard text.hasPrefix("[") else { return .scalar(Self.scalar(text)) }
        var items: [Tree.Item] = []
        for part in text.dropFirst().dropLast().split(separator: ", ") {
            let (text, mark) = taken(String(part))
            items.append(Tree.Item(value: .scalar(Self.scalar(text)), mark: mark))
        }
        return .array(items, decoys: nil)
    }

    private static func scalar(_ text: String) -> String {
        if text.hasPrefix("\"") || text.hasPrefix("'") { return Tree.quoted(String(text.dropFirst().dropLast())) }
        let isNumber = text.wholeMatch(of: /-?\d+/) != nil
        return isNumber || ["true", "false", "null"].contains(text) ? text : Tree.quoted(text)
    }
}
