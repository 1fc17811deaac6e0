internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import Views

/// Live answers: what there is from a position on, and then what comes, as it comes.
///
/// Each pulls: it reads its own next page when its reader has taken the one before, so catching up and following are one
/// code, a slow reader costs only itself, and no event is ever dropped from a buffer.
struct Following: Sendable {
    let ledger: ExchangeLedger
    let tail: Tail
    let closing: Closing
    let metrics: ServerMetrics
    /// How long a stream may be silent.
    let heartbeat: Duration

    /// How long live delivery waits after it has disclosed classified fields, so that the records of who was given what are
    /// of many events at once.
    static let coalescing: Duration = .milliseconds(50)
    /// How long after one page the next is read, of who has all there is: what a page costs is shared by what comes within
    /// that time, and nobody notices it to whom less comes.
    static let pace: Duration = .milliseconds(2)
    /// The most entries of a page.
    static let pageEntries = 256

    func answer(
        _ request: ReadRequest, from position: Position, _ standing: Standing, isEventStream: Bool
    ) throws(Problem) -> Answer {
        let stored: Query
        do throws(ExchangeError) {
            stored = try ledger.blind(request.query, for: request.reader)
        } catch {
            throw Problem(error)
        }
        let follower = Follower(
            on: self, request: request, stored: stored, standing: standing, form: isEventStream ? .events : .lines)
        var answer = Answer(
            .ok, isEventStream ? MediaType.eventStream : MediaType.lines,
            .stream { stream in try await follower.run(from: position, &stream) })
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}
