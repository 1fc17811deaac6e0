internal import EventLog
public import JSON

/// What is otherwise in one answer than in another: what appeared, went, changed.
///
/// Elements of arrays are told apart by what names them (a position, an agency, an id …), not by their places, so one that comes
/// before others changes none of these.
public struct Difference: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case appeared, went, changed
    }

    /// One thing that is otherwise.
    public struct Change: Sendable, Hashable {
        /// Where: members with dots between them, elements in brackets by what names them: `holds[id=h-1].lifted`.
        public let path: String
        public let kind: Kind
        /// JSON; nil if it was not there.
        public let was: [UInt8]?
        /// JSON; nil if it is not there.
        public let `is`: [UInt8]?
    }

    public private(set) var changes: [Change] = []

    public init() {}

    /// - Parameters:
    ///   - earlier: Objects of JSON.
    ///   - later: The same, as they are later.
    /// - Throws: ``ReplayError`` with code `.malformed` for what is no JSON.
    /// - Complexity: O(*n*) in the values, and O(*n*²) in elements of arrays that nothing names.
    public init(of earlier: [[UInt8]], and later: [[UInt8]]) throws(ReplayError) {
        let (old, new) = (try Self.array(of: earlier), try Self.array(of: later))
        // One line on both sides is the thing itself.
        if old.elements.count == 1, new.elements.count == 1 {
            compare(old.elements[0], new.elements[0], at: "")
        } else {
            compare(old, new, at: "")
        }
    }

    private static func array(of lines: [[UInt8]]) throws(ReplayError) -> JSONValue {
        let text = [UInt8(ascii: "[")] + Array(lines.joined(separator: [UInt8(ascii: ",")])) + [UInt8(ascii: "]")]
        let limits = JSONParser.Limits(maximumBytes: 256 << 20, maximumDepth: LogLimits.depth + 8)
        guard let document = try? JSONDocument(parsing: text, limits: limits) else {
            throw ReplayError(.malformed, "What is to be compared is no JSON.")
        }
        return document.root
    }

    private mutating func compare(_ old: JSONValue, _ new: JSONValue, at path: String) {
        guard !old.text.elementsEqual(new.text) else { return }
        switch (old.kind, new.kind) {
        case (.object, .object):
            let (before, after) = (old.members, new.members)
            for (key, value) in before {
                if let other = new[key] {
                    compare(value, other, at: Self.member(key, of: path))
                } else {
                    add(.went, value, nil, at: Self.member(key, of: path))
                }
            }
            for (key, value) in after where old[key] == nil {
                add(.appeared, nil, value, at: Self.member(key, of: path))
            }
        case (.array, .array): compareElements(old.elements, new.elements, old, new, at: path)
        default: add(.changed, old, new, at: path)
        }
    }

    private mutating func compareElements(
        _ old: [JSONValue], _ new: [JSONValue], _ whole: JSONValue, _ other: JSONValue, at path: String
    ) {
        guard let (before, after) = Self.named(old, new) else {
            add(.changed, whole, other, at: path)
            return
        }
        let (was, now) = (Dictionary(zip(before, old)) { $1 }, Dictionary(zip(after, new)) { $1 })
        for (name, value) in zip(before, old) {
            if let same = now[name] {
                compare(value, same, at: path + "[\(name)]")
            } else {
                add(.went, value, nil, at: path + "[\(name)]")
            }
        }
        for (name, value) in zip(after, new) where was[name] == nil {
            add(.appeared, nil, value, at: path + "[\(name)]")
        }
        // The same elements, but in another order.
        if Set(before) == Set(after), before != after { add(.changed, whole, other, at: path) }
    }

    /// Members by which an element may be named, the first by which all can be told apart.
    private static let names = [
        ["position"], ["object"], ["id"], ["declaration", "item"], ["permit", "item"], ["kind", "reference"], ["group"],
        ["figure"], ["inspection"], ["order"], ["finding"], ["flag"], ["agency"], ["container"], ["port"], ["scheme"],
        ["what", "by"], ["kind", "what"], ["declaration"], ["bill"],
    ]

    /// What the elements of two arrays are called; nil if they cannot be told apart.
    private static func named(_ old: [JSONValue], _ new: [JSONValue]) -> (old: [String], new: [String])? {
        let all = old + new
        guard all.allSatisfy({ $0.kind == .object }) else {
            guard all.allSatisfy({ $0.kind != .object && $0.kind != .array }) else { return nil }
            let (before, after) = (old.map(text), new.map(text))
            return Set(before).count == old.count && Set(after).count == new.count ? (before, after) : nil
        }
        for members in names {
            let (before, after) = (old.map { name($0, members) }, new.map { name($0, members) })
            guard (before + after).allSatisfy({ $0 != nil }) else { continue }
            let (plain, others) = (before.compactMap(\.self), after.compactMap(\.self))
            if Set(plain).count == old.count, Set(others).count == new.count { return (plain, others) }
        }
        return nil
    }

    private static func name(_ element: JSONValue, _ members: [String]) -> String? {
        var parts: [String] = []
        for member in members {
            guard let value = element[member] else {
                // A second part may be missing.
                if member == members.first { return nil }
                continue
            }
            parts.append("\(member)=\(text(value))")
        }
        return parts.joined(separator: ",")
    }

    private static func text(_ value: JSONValue) -> String {
        value.string ?? String(decoding: value.text, as: UTF8.self)
    }

    private static func member(_ key: String, of path: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private mutating func add(_ kind: Kind, _ old: JSONValue?, _ new: JSONValue?, at path: String) {
        changes.append(
            Change(
                path: path.isEmpty ? "." : path, kind: kind, was: old.map { Array($0.text) },
                is: new.map { Array($0.text) }))
    }

    /// Writes the changes as an array.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for change in changes {
                writer.object { writer in
                    writer.member("path", change.path)
                    writer.member("kind", change.kind.rawValue)
                    if let was = change.was {
                        writer.key("was")
                        writer.raw(was)
                    }
                    if let now = change.is {
                        writer.key("is")
                        writer.raw(now)
                    }
                }
            }
        }
    }
}
