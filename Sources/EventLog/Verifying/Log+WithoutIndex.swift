internal import LMDB
internal import Transparency

extension Log {
    /// How many entries the ledger in a folder has, whatever state its index is in.
    ///
    /// - Throws: ``LogError`` if there is no ledger, or its log cannot be read.
    public static func storedHead(at path: String) throws(LogError) -> Position {
        let folder = try LedgerFolder(opening: path)
        let store = try LogStore(path: folder.logPath, isReadOnly: true)
        return try store.readState(in: store.beginRead()).frontier.size
    }

    /// Verifies the ledger in a folder as ``verify(at:progress:)`` does, but does not touch its index: to find out whether
    /// a file that cannot be read is the truth or only derived from it.
    ///
    /// - Throws: ``LogError`` if there is no ledger, or its log cannot be opened.
    public static func verifyWithoutIndex(
        at path: String, progress: @escaping (Position, Position) -> Void = { _, _ in }
    ) throws(LogError) -> VerificationReport {
        let folder = try LedgerFolder(opening: path)
        let store = try LogStore(path: folder.logPath, isReadOnly: true)
        return LogVerifier(store: store, index: nil, verifier: folder.verifier, progress: progress).verify()
    }
}
