internal import EventLog
internal import Transparency

/// The lines of one frame, as far as they can be judged by themselves.
struct FrameContent: Sendable {
    /// What a line holds.
    enum Item: Sendable {
        case entry(EntryLine)
        /// Entries that are left out: the hashes of the perfect subtrees that they are.
        case leftOut(Range<Position>, [MerkleHash])
        /// The last line of a snapshot.
        case end(Range<Int>)
    }

    /// An entry.
    struct EntryLine: Sendable {
        let position: Position
        let recorded: Timestamp
        let leaf: MerkleHash
        /// Where its bytes stand in the text.
        let bytes: Range<Int>
        /// Where the line stands by which a recipient was given it; nil if it is there as it is stored.
        let given: Range<Int>?
        /// Which of ``FrameContent/disclosures`` lie beside it.
        var disclosures: Range<Int>
        /// Which of ``FrameContent/beside`` are its own.
        var beside: Range<Int>
    }

    /// An item, and the line that it stands in, the first being 0.
    struct Line: Sendable {
        let number: Int
        var item: Item
    }

    /// The text; where an entry stands, its first byte is its own brace.
    var text: [UInt8]
    /// Its lines but for those of sealed disclosures.
    var lines: [Line] = []
    /// How many lines it has.
    var lineCount = 0
    /// The sealed disclosures, if they are asked for, and the leaves of all that stands beside entries.
    var disclosures: [[UInt8]] = []
    var beside: [MerkleHash] = []
}

/// Why a frame is refused.
struct FrameFault: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// It cannot be decompressed.
        case compression(String)
        case outOfMemory
        /// A line is none, or not where it should be; what is said follows `Line 7 `.
        case changed(String)
        /// A line holds what no ledger takes; what is said stands for itself.
        case says(String)
        case tooLarge(String)
        /// The text ends within a line.
        case partialLine
    }

    let kind: Kind
    /// The line, the first of the frame being 0.
    var line = 0
}
