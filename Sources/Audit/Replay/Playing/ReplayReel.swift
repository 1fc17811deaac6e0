internal import Clearance
public import EventLog
public import Exchange
internal import JSON
internal import Views

/// The events of an object, or of a query, to be played one after another: each with the state as it was known then.
public struct ReplayReel: Sendable {
    /// What is played.
    public enum Subject: Sendable, Hashable {
        /// An object that has a case file.
        case object(String)
        case query(Query)
    }

    /// The most events of a reel.
    public static let maximumFrames = 10_000

    private let replay: Replay
    private let subject: Subject
    private let reader: Reader
    /// The events, in the order of positions.
    public let positions: [Position]
    private var next = 0
    private var last: [UInt8] = Array("{}".utf8)
    private var counts: [String: Int64] = [:]

    /// - Parameters:
    ///   - from: The first moment: events that were known at it are not played, but count in the state.
    ///   - to: The last one.
    /// - Throws: ``ReplayError``; `.limitExceeded` for more than ``maximumFrames`` events.
    public init(
        _ subject: Subject, in replay: Replay, from: Moment?, to: Moment, for reader: Reader
    ) async throws(ReplayError) {
        (self.replay, self.subject, self.reader) = (replay, subject, reader)
        let start = try from?.known(in: replay.ledger).position ?? 0
        let end = try to.known(in: replay.ledger)
        switch subject {
        case .object(let object):
            let answer = try await replay.answer(.file(object), at: Moment(position: end.position), for: reader)
            var known: Set<Position> = []
            positions = (answer.file?.steps.map(\.position) ?? []).filter { $0 >= start && known.insert($0).inserted }
            if start > 0 {
                let before = try await replay.answer(.file(object), at: Moment(position: start), for: reader)
                last = before.lines.first ?? last
            }
        case .query(let query):
            let ledger = replay.ledger
            let seen = try await ReplayError.reading { () async throws(ExchangeError) in
                let blinded = try ledger.blind(query, for: reader)
                let entries = try ExchangeError.reading { () throws(LogError) in
                    try ledger.log.read(blinded, ReadRange(to: end.position, limit: Self.maximumFrames + 1))
                }
                // Nothing is opened to find out which of them are seen.
                let asked = FieldsAsked(Dictionary(entries.map { ($0.position, [String]()) }, uniquingKeysWith: { $1 }))
                return try await ledger.seen(
                    asked, by: reader, asOf: end.earlier, before: end.position, upcasting: .standard)
            }
            var shown: [Position] = []
            for event in seen.compactMap(\.event) {
                if event.position >= start {
                    shown.append(event.position)
                } else {
                    counts[Self.type(of: event), default: 0] += 1
                }
            }
            positions = shown
            last = Self.state(counts)
        }
        guard positions.count <= Self.maximumFrames else {
            throw ReplayError(.limitExceeded, "There are more than \(Self.maximumFrames) events: give --from and --to.")
        }
    }

    /// When the next event was recorded; nil after the last.
    ///
    /// - Throws: ``ReplayError`` if the log cannot be read.
    public func nextTime() throws(ReplayError) -> Timestamp? {
        guard next < positions.count else { return nil }
        let (ledger, position) = (replay.ledger, positions[next])
        return try ReplayError.log { () throws(LogError) in try ledger.log.entry(at: position).recorded }
    }

    /// The next event with the state after it; nil after the last.
    ///
    /// - Throws: ``ReplayError``.
    /// - Complexity: Of an object as reading its file; of a query as reading an entry.
    public mutating func frame() async throws(ReplayError) -> ReplayFrame? {
        while next < positions.count {
            let position = positions[next]
            next += 1
            let (ledger, reader) = (replay.ledger, reader)
            let moment = Moment(position: position + 1)
            let known = try moment.known(in: ledger)
            let seen = try await ReplayError.reading { () async throws(ExchangeError) in
                try await ledger.seen(
                    at: [position], by: reader, asOf: known.time, before: known.position, upcasting: .standard)
            }
            guard let entry = seen.first, let event = entry.event else { continue }
            var writer = JSONWriter()
            entry.write(to: &writer)
            let type = Self.type(of: event)
            let state: [UInt8]
            switch subject {
            case .object(let object):
                state = try await replay.answer(.file(object), at: moment, for: reader).lines.first ?? last
            case .query:
                counts[type, default: 0] += 1
                state = Self.state(counts)
            }
            let difference = try Difference(of: [last], and: [state])
            last = state
            return ReplayFrame(
                position: position, recorded: event.recorded, agency: event.agency, type: type, event: writer.bytes,
                state: state, difference: difference)
        }
        return nil
    }

    private static func type(of event: SeenEntry.Event) -> String {
        (try? JSONDocument(parsing: event.event))?.root["type"]?.string ?? ""
    }

    private static func state(_ counts: [String: Int64]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            for (type, count) in counts.sorted(by: { $0.key < $1.key }) { writer.member(type, count) }
        }
        return writer.bytes
    }
}

extension ExchangeError {
    fileprivate static func reading<Result>(
        _ body: () throws(LogError) -> Result
    ) throws(ExchangeError) -> Result {
        do throws(LogError) {
            return try body()
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
    }
}
