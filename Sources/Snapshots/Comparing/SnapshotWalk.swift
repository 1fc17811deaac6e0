internal import EventLog
internal import Transparency

/// Goes through a snapshot position by position.
struct SnapshotWalk: ~Copyable {
    /// What a snapshot has at some positions.
    enum Step {
        case entry(Position, leaf: MerkleHash, beside: [MerkleHash])
        case leftOut(Range<Position>)

        var range: Range<Position> {
            switch self {
            case .entry(let position, _, _): position..<position + 1
            case .leftOut(let range): range
            }
        }
    }

    private var reader: SnapshotReader
    private var content: FrameContent?
    private var line = 0
    /// At which size the root is wanted, and what it is, if the snapshot has it.
    private let size: Position
    private(set) var root: MerkleHash?
    private var frontier = MerkleFrontier()

    init(_ path: String, verifier: NoteVerifier?, rootAt size: Position) throws(SnapshotError) {
        reader = try SnapshotReader(path: path, verifier: verifier)
        self.size = size
        if size == 0 { root = .emptyTree }
    }

    var summary: SnapshotSummary { reader.summary }

    /// The next step; nil if the snapshot has ended and holds.
    mutating func next() throws(SnapshotError) -> Step? {
        while true {
            if let content, line < content.lines.count {
                line += 1
                if let step = step(content.lines[line - 1].item, content) { return step }
                continue
            }
            guard let next = try reader.next() else { return nil }
            (content, line) = (next, 0)
        }
    }

    private mutating func step(_ item: FrameContent.Item, _ content: FrameContent) -> Step? {
        defer { if frontier.size == size { root = frontier.root } }
        switch item {
        case .entry(let entry):
            frontier.append(entry.leaf)
            return .entry(entry.position, leaf: entry.leaf, beside: Array(content.beside[entry.beside]))
        case .leftOut(let range, let hashes):
            for (part, hash) in zip(PerfectSubtree.parts(of: range), hashes) {
                _ = frontier.append(hash, level: part.level)
                if frontier.size == size { root = frontier.root }
            }
            return .leftOut(range)
        case .end: return nil
        }
    }
}
