internal import CLMDB

/// A named database of an environment. Made by ``LMDBEnvironment``; good for as long as it is open.
public struct LMDBDatabase: Sendable {
    let handle: MDB_dbi
    /// Its name.
    public let name: String
}
