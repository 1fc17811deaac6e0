internal import JSON

/// What an event's data say, in lines for people: paths and values, the first of them, and how many more there are.
struct EventContent {
    let lines: [(path: String, value: String)]
    let more: Int

    private static let (most, longest, deepest) = (14, 160, 5)

    init(_ data: JSONValue?) {
        var all: [(String, String)] = []
        if let data { Self.gather(data, "", 0, &all) }
        lines = all.prefix(Self.most).map { ($0.0, $0.1) }
        more = max(0, all.count - Self.most)
    }

    private static func gather(_ value: JSONValue, _ path: String, _ depth: Int, _ lines: inout [(String, String)]) {
        guard value.kind == .object, depth < deepest else {
            let text = text(of: value)
            if !text.isEmpty { lines.append((path, text)) }
            return
        }
        for (key, member) in value.members { gather(member, path.isEmpty ? key : "\(path)/\(key)", depth + 1, &lines) }
    }

    private static func text(of value: JSONValue) -> String {
        let text: String
        switch value.kind {
        case .string: text = value.string ?? ""
        case .array:
            let elements = value.elements
            let isPlain = elements.allSatisfy { $0.kind != .object && $0.kind != .array }
            text =
                isPlain
                ? elements.prefix(40).map { Self.text(of: $0) }.joined(separator: ", ")
                : String(decoding: value.text, as: UTF8.self)
        default: text = String(decoding: value.text, as: UTF8.self)
        }
        return text.count > longest ? text.prefix(longest) + "…" : text
    }
}
