package import EventLog
public import Exchange
internal import LMDB

/// What went wrong in a view, to what, and what can be done.
///
/// Compare by ``code``; show ``description`` to a person.
public struct ViewError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure. New ones may come, so a `switch` over them needs a default.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A name or a version that cannot be a folder's; a name of an object or a key that is none.
        case invalidName
        case limitExceeded
        /// Another view of that name and version is open in this process.
        case alreadyOpen
        case closed
        /// The view has not come so far, or goes no further.
        case notReached, stopped, tooManyParked
        /// There is no such parked entry, or no such view.
        case notParked, unknownView
        /// Files of the view are damaged; it is derived: rebuild it.
        case damaged
        case diskFull, permissionDenied, inputOutput
        /// The log, or the exchange, could not be read.
        case log, exchange
    }

    public let code: Code
    /// What happened, to what, and what to do, in sentences for a person.
    public let reason: String
    /// What the exchange said, if it was the exchange.
    public let exchange: ExchangeError?

    public init(_ code: Code, _ reason: String, exchange: ExchangeError? = nil) {
        self.code = code
        self.reason = reason
        self.exchange = exchange
    }

    /// What a failure of the log means for a view.
    package init(_ error: LogError) {
        switch error.code {
        case .diskFull, .mapFull: self.init(.diskFull, error.reason)
        case .permissionDenied: self.init(.permissionDenied, error.reason)
        case .inputOutput, .failed: self.init(.inputOutput, error.reason)
        default: self.init(.log, error.reason)
        }
    }

    /// What a failure of the exchange means for a view.
    package init(_ error: ExchangeError) {
        self.init(.exchange, error.reason, exchange: error)
    }

    /// What a failure of LMDB means for a view's files.
    init(_ error: LMDBError, _ name: String) {
        switch error.code {
        case .diskFull, .mapFull:
            self.init(.diskFull, "There is no room for the view \(name) (\(error.operation)). Free some space.")
        case .permissionDenied:
            self.init(.permissionDenied, "No permission for the view \(name) (\(error.operation)).")
        case .alreadyOpen:
            self.init(.alreadyOpen, "The view \(name) is open in this process already.")
        case .corrupted, .notAnEnvironment, .versionMismatch, .keyExists, .noSuchFile:
            self.init(
                .damaged, "The files of the view \(name) are damaged (\(error)). `sanhu view rebuild` makes it anew.")
        default: self.init(.inputOutput, "The view \(name): \(error)")
        }
    }

    public var description: String { "\(code.rawValue): \(reason)" }

    /// Does something on the log.
    package static func wrapping<Result>(log body: () throws(LogError) -> Result) throws(ViewError) -> Result {
        do throws(LogError) {
            return try body()
        } catch {
            throw ViewError(error)
        }
    }

    /// Does something with the exchange.
    package static func wrapping<Result>(exchange body: () throws(ExchangeError) -> Result) throws(ViewError) -> Result
    {
        do throws(ExchangeError) {
            return try body()
        } catch {
            throw ViewError(error)
        }
    }
}
