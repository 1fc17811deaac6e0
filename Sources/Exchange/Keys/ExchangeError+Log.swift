internal import EventLog
internal import LMDB

extension ExchangeError {
    /// Does something on files of the ledger, and says of its failure what it means for the exchange.
    static func wrapping<Result>(_ body: () throws(LogError) -> Result) throws(ExchangeError) -> Result {
        do throws(LogError) {
            return try body()
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
    }

    /// What a failure of LMDB means where it was the keys that were read or written.
    init(ofKeys error: LMDBError) {
        switch error.code {
        case .corrupted, .notAnEnvironment, .versionMismatch:
            self.init(.keyDamaged, "The file of keys is damaged (\(error)). Restore the keys from a backup.")
        case .alreadyOpen:
            self.init(.conflict, "This process has the keys open already (\(error.operation)).")
        default:
            self.init(.log, "The keys could not be read or written (\(error)).")
        }
    }
}
