internal import EventLog
internal import JSON
internal import Transparency

/// How the manifest says what a snapshot is of.
extension SnapshotContents {
    /// Writes the members behind `kind`.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .log(nil): return
        case .log(let since?):
            writer.key("since")
            writer.object { writer in
                writer.member("size", Int64(since.size))
                writer.member("root", since.root.base64)
            }
        case .part(let part):
            writer.key("part")
            writer.object { part.write(to: &$0) }
        }
    }

    /// Reads them. What is not understood is found out when they are written again.
    init?(kind: String, _ object: JSONValue) {
        switch kind {
        case "log":
            guard let since = object["since"] else {
                self = .log(since: nil)
                return
            }
            guard let size = since["size"]?.position, size > 0, let root = since["root"]?.string,
                let hash = MerkleHash(base64: root)
            else { return nil }
            self = .log(since: SnapshotBase(size: size, root: hash))
        case "part":
            guard let part = object["part"].flatMap(SnapshotPart.init) else { return nil }
            self = .part(part)
        default: return nil
        }
    }
}

extension SnapshotPart {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.member("from", Int64(from))
        writer.member("to", Int64(to))
        if !query.items.isEmpty {
            writer.key("query")
            writer.array { writer in
                for item in query.items {
                    writer.object { writer in
                        Self.list(item.types, "types", &writer)
                        Self.list(item.tags.map(\.text), "tags", &writer)
                    }
                }
            }
        }
        if let agency { writer.member("agency", agency) }
        if let port { writer.member("port", port) }
        guard let recipient else { return }
        writer.key("recipient")
        writer.object { writer in
            writer.member("kind", recipient.kind)
            for (key, text) in [
                ("agency", recipient.agency), ("role", recipient.role), ("purpose", recipient.purpose),
                ("case", recipient.caseName),
            ] {
                if let text { writer.member(key, text) }
            }
        }
    }

    private static func list(_ texts: [String], _ key: String, _ writer: inout JSONWriter) {
        guard !texts.isEmpty else { return }
        writer.key(key)
        writer.array { writer in for text in texts { writer.string(text) } }
    }

    fileprivate init?(_ object: JSONValue) {
        guard let from = object["from"]?.position, let to = object["to"]?.position, from <= to else { return nil }
        self.init(from: from, to: to, agency: object["agency"]?.string, port: object["port"]?.string)
        for item in object["query"]?.elements ?? [] {
            let tags = (item["tags"]?.elements ?? []).map { $0.string.flatMap { try? Tag($0) } }
            let types = (item["types"]?.elements ?? []).map(\.string)
            guard tags.allSatisfy({ $0 != nil }), types.allSatisfy({ $0 != nil }) else { return nil }
            query.items.append(.init(types: types.compactMap(\.self), tags: tags.compactMap(\.self)))
        }
        guard let reader = object["recipient"] else { return }
        guard let kind = reader["kind"]?.string else { return nil }
        recipient = SnapshotRecipient(
            kind: kind, agency: reader["agency"]?.string, role: reader["role"]?.string,
            purpose: reader["purpose"]?.string,
            caseName: reader["case"]?.string)
    }
}

extension JSONValue {
    /// A position or a count; nil if it is none.
    fileprivate var position: Position? { integer.flatMap { Position(exactly: $0) } }
}
