public import Transparency

/// What the log holds at a position.
public struct Entry: Hashable, Sendable {
    public let position: Position
    /// When the ledger ordered it.
    public let recorded: Timestamp
    /// SHA-256 of 0x00 and ``bytes``: its leaf in the tree.
    public let leafHash: MerkleHash
    /// The entry as it is hashed: `{"recorded":…,"agency":…,"tags":[…],"event":{…}}`.
    public let bytes: [UInt8]

    package init(position: Position, recorded: Timestamp, leafHash: MerkleHash, bytes: [UInt8]) {
        self.position = position
        self.recorded = recorded
        self.leafHash = leafHash
        self.bytes = bytes
    }

    /// The entry with its position before the rest, as one line of newline-delimited JSON without its newline:
    /// `{"position":…,"recorded":…,"agency":…,"tags":[…],"event":{…}}`.
    public func appendLine(to line: inout [UInt8]) {
        line.append(contentsOf: "{\"position\":".utf8)
        line.append(contentsOf: String(position).utf8)
        line.append(UInt8(ascii: ","))
        line.append(contentsOf: bytes.dropFirst())
    }
}
