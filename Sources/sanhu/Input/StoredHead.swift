import EventLog

/// How many entries a ledger has, whether or not its index can be used.
enum StoredHead {
    static func head(of path: String) throws -> UInt64 {
        try Log.storedHead(at: path)
    }
}
