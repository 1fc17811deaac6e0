internal import EventLog
internal import JSON
internal import Transparency

/// Whose view it is and how far it has come: in the same transaction as the rows.
struct ViewMeta: Sendable, Hashable {
    static let key = Array("meta".utf8)
    static let format: Int64 = 3

    let title: String
    /// The ledger's.
    let origin: String
    /// Everything below it is in the view.
    var position: Position = 0
    /// The root of the log at the position.
    var root = MerkleHash.emptyTree
    /// By which lines of schemas events were brought up; see ``FoldTerms/lines``.
    var lines: [UInt8]

    init(title: String, origin: String, lines: [UInt8]) {
        self.title = title
        self.origin = origin
        self.lines = lines
    }

    /// The record of the same view at a position of a log.
    func moved(to position: Position, of log: Log) throws(ViewError) -> ViewMeta {
        var next = self
        next.position = position
        next.root = try ViewError.wrapping { () throws(LogError) in try log.root(atSize: position) }
        return next
    }

    /// Reads a record.
    ///
    /// - Returns: nil if it is of another format or none: then the view is made anew.
    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root, root["format"]?.integer == Self.format,
            let title = root["view"]?.string, let origin = root["origin"]?.string,
            let position = root["position"]?.integer.flatMap({ Position(exactly: $0) }),
            let hash = root["root"]?.string.flatMap({ MerkleHash(base64: $0) }),
            let lines = root["lines"]?.string.flatMap({ Base64.decode($0) })
        else { return nil }
        self.title = title
        self.origin = origin
        self.position = position
        self.root = hash
        self.lines = lines
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("format", Self.format)
            writer.member("view", title)
            writer.member("origin", origin)
            writer.member("position", Int64(position))
            writer.member("root", root.base64)
            writer.member("lines", Base64.encode(lines))
        }
        return writer.bytes
    }
}
