public import EventLog
public import Exchange
public import Views

/// Why something cannot be replayed: what happened, to what, and what to do.
///
/// Compare by ``code``; show ``reason`` to a person.
public struct ReplayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. New ones may come, so a `switch` over them needs a default.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A text that is no moment, no object, no event.
        case malformed
        /// A position or a time that the log has not reached.
        case ahead
        /// There is no such event, or no such view is kept.
        case notThere
        /// Who asks may not be told.
        case denied
        /// More than is told at once.
        case limitExceeded
        case view, exchange, log
    }

    public let code: Code
    public let reason: String
    /// What the view said, if it was a view.
    public let view: ViewError?
    /// What the exchange said, if it was the exchange.
    public let exchange: ExchangeError?
    /// What the log said, if it was the log.
    public let log: LogError?

    public init(_ code: Code, _ reason: String) {
        (self.code, self.reason) = (code, reason)
        (view, exchange, log) = (nil, nil, nil)
    }

    public init(_ error: ViewError) {
        (code, reason) = (.view, error.reason)
        (view, exchange, log) = (error, error.exchange, nil)
    }

    public init(_ error: ExchangeError) {
        (code, reason) = (.exchange, error.reason)
        (view, exchange, log) = (nil, error, nil)
    }

    public init(_ error: LogError) {
        (code, reason) = (.log, error.reason)
        (view, exchange, log) = (nil, nil, error)
    }

    public var description: String { reason }

    static func log<Result>(_ body: () throws(LogError) -> Result) throws(ReplayError) -> Result {
        do throws(LogError) { return try body() } catch { throw ReplayError(error) }
    }

    static func exchange<Result>(_ body: () throws(ExchangeError) -> Result) throws(ReplayError) -> Result {
        do throws(ExchangeError) { return try body() } catch { throw ReplayError(error) }
    }

    static func view<Result>(_ body: () async throws(ViewError) -> Result) async throws(ReplayError) -> Result {
        do throws(ViewError) { return try await body() } catch { throw ReplayError(error) }
    }

    static func reading<Result>(
        _ body: () async throws(ExchangeError) -> Result
    ) async throws(ReplayError) -> Result {
        do throws(ExchangeError) { return try await body() } catch { throw ReplayError(error) }
    }
}
