import LMDB
import TestSupport
import Transparency

@testable import EventLog

/// A ledger that whoever has its key made of whatever they liked: tree, times and checkpoint are as they must be, what
/// stands at the positions need not be an entry.
final class ForgedLedger {
    let folder = TemporaryFolder.make()
    let signer: NoteSigner
    var path: String { folder.path("ledger") }

    /// - Parameter entries: What stands at the positions, and the time that its header says.
    init(_ entries: [(text: String, recorded: Timestamp)]) throws {
        signer = try NoteSigner(name: "port.example/ledger", seed: Array(1...32))
        let ledger = try LedgerFolder(creating: path, verifier: signer.verifier)
        try LogRestorer.writeEmptyLog(ledger, signer: signer)
        let store = try LogStore(path: ledger.logPath, isReadOnly: false)
        var transaction = try store.beginWrite()
        var state = try store.readState(in: transaction)
        var openTile: [MerkleHash] = []
        for (text, recorded) in entries {
            let bytes = Array(text.utf8)
            let leaf = MerkleHash.leaf(bytes.span)
            let header = EntryHeader(length: bytes.count, recorded: recorded, leafHash: leaf).words
            let nothing: [UInt8] = []
            try transaction.append(
                header.span.bytes, bytes.span, nothing.span, at: state.frontier.size, in: store.entries)
            try TreeWriter.grow(&state.frontier, &openTile, leaf, store, in: &transaction)
            state.recorded = recorded
        }
        let checkpoint = Checkpoint(
            origin: signer.verifier.name, size: state.frontier.size, root: state.frontier.root)
        state.checkpoint = try signer.sign(checkpoint.description).description
        try store.write(state, in: &transaction)
        try store.commit(transaction)
        _ = try IndexStore(path: ledger.indexPath, isReadOnly: false)
        try ledger.finish()
    }

    /// A ledger of texts, all recorded at the time that a good entry says.
    convenience init(texts: [String]) throws {
        try self.init(texts.map { ($0, EntrySample.recorded) })
    }

    /// What verifying the log says of it; there is no index.
    func verify(identityCapacity: Int = IdentityCheck.standardCapacity) throws -> VerificationReport {
        let store = try LogStore(path: path + "/log", isReadOnly: true)
        return LogVerifier(
            store: store, index: nil, verifier: signer.verifier, identityCapacity: identityCapacity,
            progress: { _, _ in }
        ).verify()
    }
}

/// Texts of entries.
enum EntrySample {
    static let recorded = Timestamp(microseconds: 1_772_324_130_123_456)

    /// A good entry.
    static func text(id: String = "1", source: String = "//cus", tags: [String] = ["a:1", "b:2"]) -> String {
        let tags = tags.map { "\"\($0)\"" }.joined(separator: ",")
        return "{\"recorded\":\"\(recorded)\",\"agency\":\"CUS\",\"tags\":[\(tags)],\"event\":"
            + "{\"specversion\":\"1.0\",\"id\":\"\(id)\",\"source\":\"\(source)\",\"type\":\"t\",\"data\":{\"n\":1}}}"
    }
}
