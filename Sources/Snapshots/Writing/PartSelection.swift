internal import EventLog
internal import JSON
internal import LMDB

/// Finds the entries that a part of a log is made of.
struct PartSelection {
    private let part: SnapshotPart
    /// The declarations that concern the port.
    private var declarations: Set<String> = []

    private static let pageEntries: Position = 256

    /// - Complexity: O(1), or, of a port, O(*n*) in the bytes of the log up to the part's end; memory for its declarations.
    init(_ part: SnapshotPart, in log: Log) throws(LogError) {
        self.part = part
        guard let port = part.port else { return }
        let mark = Array("\"port\"".utf8)
        var declarations: Set<String> = []
        try log.scan(from: 0, to: part.to) { (_, _, entry) throws(LogError) in
            guard Self.contains(mark, entry) else { return true }
            if let root = Self.parsed(entry), Self.names(port, root) {
                for tag in Self.declarations(root) { declarations.insert(tag) }
            }
            return true
        }
        self.declarations = declarations
    }

    /// The next entries of the part, from a position on.
    ///
    /// - Parameter position: Where to begin; on return where to go on.
    /// - Returns: Entries in their order, none if there are no more before `position`; nil at the end.
    func next(from position: inout Position, in log: Log) throws(LogError) -> [Entry]? {
        guard position < part.to else { return nil }
        let limit = Int(Self.pageEntries)
        let found = try log.read(part.query, ReadRange(from: position, to: part.to, limit: limit))
        position = found.count < limit ? part.to : (found.last?.position ?? part.to - 1) + 1
        return part.agency == nil && part.port == nil ? found : found.filter(isMeant)
    }

    private func isMeant(_ entry: Entry) -> Bool {
        guard let root = Self.parsed(entry.bytes.span) else { return false }
        if let agency = part.agency, root["agency"]?.string != agency { return false }
        guard let port = part.port else { return true }
        return Self.names(port, root) || Self.declarations(root).contains(where: declarations.contains)
    }

    private static func parsed(_ entry: Span<UInt8>) -> JSONValue? { try? JSONDocument(parsing: entry.copied).root }

    private static func names(_ port: String, _ root: JSONValue) -> Bool {
        root["event"]?["data"]?["port"]?.string == port
    }

    private static func declarations(_ root: JSONValue) -> [String] {
        (root["tags"]?.elements ?? []).compactMap(\.string).filter { $0.hasPrefix("declaration:") }
    }

    private static func contains(_ mark: [UInt8], _ text: Span<UInt8>) -> Bool {
        guard text.count >= mark.count else { return false }
        for at in 0...text.count - mark.count where text[at] == mark[0] {
            var step = 1
            while step < mark.count, text[at + step] == mark[step] { step += 1 }
            if step == mark.count { return true }
        }
        return false
    }
}
