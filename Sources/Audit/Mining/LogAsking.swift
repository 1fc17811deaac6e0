internal import EventLog
internal import Exchange

/// Asks the log of a ledger; what it refuses is told as the ledger's.
enum LogAsking {
    static func of<Result>(_ body: () throws(LogError) -> Result) throws(ExchangeError) -> Result {
        do throws(LogError) {
            return try body()
        } catch {
            throw ExchangeError(error)
        }
    }
}
