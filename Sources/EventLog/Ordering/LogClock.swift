/// Where a log's recorded times come from. What a log records never goes back, whatever its clock says.
///
/// The machine's clock is `{ Timestamp.now() }`. Another one is for playing days that are over into a ledger of their own, and
/// for tests: whoever reads the ledger takes the clock of who wrote it on trust.
public typealias LogClock = @Sendable () -> Timestamp
