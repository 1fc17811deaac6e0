public import EventLog
public import Exchange

/// Who asks for a board, and as of when.
public struct BoardQuestion: Sendable {
    public let reader: Reader
    /// Only what stands below it; nil for all there is.
    public internal(set) var position: Position?
    /// If given, only what was recorded by then counts, what could be seen then is seen, and what is overdue is so at that
    /// time. It may lie ahead.
    public let time: Timestamp?
    /// The day on which ratings must be valid; nil for that of the time.
    public let day: String?
    /// If given, only what had happened by then counts, as far as it is known: see docs/replay.md.
    public let trueAt: Timestamp?
    private let now: Timestamp

    public init(
        _ reader: Reader, at position: Position? = nil, asOf time: Timestamp? = nil, on day: String? = nil,
        trueAt: Timestamp? = nil, now: Timestamp = .now()
    ) {
        self.reader = reader
        self.position = position
        self.time = time
        self.day = day
        self.trueAt = trueAt
        self.now = now
    }

    /// The time by whose rules is decided what is seen; nil for now.
    var earlier: Timestamp? { time.flatMap { $0 < now ? $0 : nil } }

    var boardTime: BoardTime { BoardTime(trueAt ?? time ?? now, on: day) }

    func counts(_ recorded: Timestamp) -> Bool { time.map { recorded <= $0 } ?? true }
}
