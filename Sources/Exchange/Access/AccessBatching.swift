/// When records of readings are written, and which go together: a pure state machine, the clock is handed in.
///
/// ```text
/// add ──► waiting ──next──► being written ──finish──► (next)
///          until due,        one batch at a time
///          or until another is written
/// ```
///
/// What must be written at once is due when it comes; what is delivered live is due ``window`` later. Whatever waits goes
/// along with what is due. So a batch never waits longer than for its first deadline and for the batch before it, and all
/// that comes while one is being written shares the next.
struct AccessBatching {
    typealias Instant = ContinuousClock.Instant

    /// How long the record of a live delivery may wait for others.
    static let window: Duration = .milliseconds(50)
    /// The most records that are written together, unless one reading alone makes more.
    static let maximumRecords = 4_096

    /// How soon records are to be written.
    enum Urgency {
        /// Someone waits for an answer.
        case now
        /// It is part of a live delivery: it may wait for others, and the delivery waits for it.
        case live
    }

    /// The records of one reading.
    struct Part {
        let ticket: Int
        let records: [AccessRecord]
        fileprivate let due: Instant
    }

    /// What is written together.
    struct Batch {
        let parts: [Part]

        /// The records to write: those that belong together are put together.
        var records: [AccessRecord] { AccessRecord.coalesced(parts.flatMap(\.records)) }
    }

    private(set) var isWriting = false
    private var waiting: [Part] = []
    private var nextTicket = 0

    /// Takes the records of a reading.
    ///
    /// - Returns: A ticket: it is in the batch that has these records.
    mutating func add(_ records: [AccessRecord], _ urgency: Urgency, at now: Instant) -> Int {
        defer { nextTicket += 1 }
        let due = urgency == .now ? now : now + Self.window
        waiting.append(Part(ticket: nextTicket, records: records, due: due))
        return nextTicket
    }

    /// The batch to write now, or nil: while one is written, and while nothing is due.
    mutating func next(at now: Instant) -> Batch? {
        guard !isWriting, let due, due <= now else { return nil }
        var count = 0
        var end = 0
        while end < waiting.count, end == 0 || count + waiting[end].records.count <= Self.maximumRecords {
            count += waiting[end].records.count
            end += 1
        }
        let batch = Batch(parts: Array(waiting[..<end]))
        waiting.removeFirst(end)
        isWriting = true
        return batch
    }

    /// Takes note that the batch that was being written is durable, or failed.
    mutating func finish() {
        isWriting = false
    }

    /// When ``next(at:)`` is to be asked again, unless something comes or is finished before; nil if nothing waits.
    var due: Instant? { waiting.lazy.map(\.due).min() }
}
