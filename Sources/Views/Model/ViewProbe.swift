internal import LMDB

/// Where tests make a view fail.
struct ViewProbe: Sendable {
    /// Called before a batch is written.
    var folding: @Sendable () throws(ViewError) -> Void = { () throws(ViewError) in }
    /// Called before a commit of rows or of what goes with them.
    var committing: @Sendable () throws(LMDBError) -> Void = { () throws(LMDBError) in }
    /// How many rows a commit has at the most while a view is made, if not as many as usual.
    var rowsPerCommit: Int?
    /// Lets two folders change places.
    var exchange: @Sendable (String, String) -> Int32 = { FolderExchange.exchange($0, $1) }
}
