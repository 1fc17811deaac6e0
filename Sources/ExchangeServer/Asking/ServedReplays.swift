internal import Audit
internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import Views

extension Problem {
    /// What a refusal or failure of a replay is to who asked over HTTP.
    init(_ error: ReplayError) {
        if let view = error.view {
            self.init(view)
            return
        }
        if let exchange = error.exchange {
            self.init(exchange)
            return
        }
        if let log = error.log {
            self.init(log)
            return
        }
        switch error.code {
        case .malformed: self = RequestParameters.bad(error.reason)
        case .ahead:
            self.init(
                404, LogError.Code.positionBeyondHead.rawValue, "The log has not come so far", error.reason,
                retry: .later)
        case .notThere: self.init(404, "unknownEvent", "There is no such thing", error.reason)
        case .denied: self.init(403, ExchangeError.Code.accessDenied.rawValue, "It may not be told", error.reason)
        default: self.init(422, error.code.rawValue, "It cannot be replayed", error.reason)
        }
    }

    static func replaying<Result: Sendable>(
        _ body: () async throws(ReplayError) -> Result
    ) async throws(Problem) -> Result {
        do throws(ReplayError) {
            return try await body()
        } catch {
            throw Problem(error)
        }
    }
}

extension AskedView {
    /// As of when it is asked, if as known or as true; nil if by `at` and `as-of`, or as it is.
    func moment(_ parameters: inout RequestParameters) throws(Problem) -> Moment? {
        let (known, truth) = (try parameters.one("known"), try parameters.one("true"))
        guard known != nil || truth != nil else { return nil }
        guard at == nil, asOf == nil else {
            throw RequestParameters.bad("“known” and “true” take the place of “at” and “as-of”.")
        }
        do throws(ReplayError) {
            return try Moment(known: known, true: truth)
        } catch {
            throw Problem(error)
        }
    }
}

extension ServedViews {
    /// Replays, once the views have come as far as the moments and the receipt that are asked for.
    ///
    /// - Returns: What it came to, and the view that answered it.
    func replaying<Result: Sendable>(
        _ subject: ReplaySubject, _ moments: [Moment], reached entry: Position?,
        _ body: (Replay) async throws(ReplayError) -> Result
    ) async throws(Problem) -> (result: Result, view: ViewRunner) {
        var runners: [ViewRunner] = []
        for definition in Replay.definitions(for: subject) { runners.append(try view(definition)) }
        guard let first = runners.first else { throw RequestParameters.bad("Nothing is asked for.") }
        for moment in moments {
            let ledger = ledger
            let known = try await Problem.replaying { () throws(ReplayError) in try moment.known(in: ledger) }
            _ = try await ready(runners, at: known.position, reached: entry)
        }
        let replay = Replay(of: ledger, runners)
        let outcome: Swift.Result<Result, ReplayError> = try await asking { () async throws(ViewError) in
            do throws(ReplayError) {
                return .success(try await body(replay))
            } catch {
                return .failure(error)
            }
        }
        return (try await Problem.replaying { () throws(ReplayError) in try outcome.get() }, first)
    }

    /// What is answered about something at a moment.
    func replayed(
        _ subject: ReplaySubject, at moment: Moment, for asked: AskedView
    ) async throws(Problem) -> (answer: ReplayAnswer, view: ViewRunner) {
        let (answer, view) = try await replaying(subject, [moment], reached: asked.reached) {
            replay async throws(ReplayError) in try await replay.answer(subject, at: moment, for: asked.reader)
        }
        return (answer, view)
    }
}
