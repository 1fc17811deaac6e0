internal import LMDB

/// Where tests make a view fail.
struct ViewProbe: Sendable {
    /// Called before a batch is written.
    var folding: @Sendable () throws(ViewError) -> Void = { () throws(ViewError) in }
    /// Lets two folders change places.
    var exchange: @Sendable (String, String) -> Int32 = { FolderExchange.exchange($0, $1) }
}
