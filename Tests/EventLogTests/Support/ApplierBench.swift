import Foundation
import LMDB
import TestSupport
import Transparency

@testable import EventLog

/// An applying step of its own, on a new log: requests go in, and everything that is on disk can be looked at.
final class ApplierBench {
    let folder = TemporaryFolder.make()
    let signer: NoteSigner
    let store: LogStore
    let index: LogIndex
    private var applier: Applier

    init(tuning: IndexTuning = .standard) throws {
        signer = try NoteSigner(name: "port.example/ledger", seed: Array(1...32))
        let ledger = try LedgerFolder(creating: folder.path("ledger"), verifier: signer.verifier)
        try LogRestorer.writeEmptyLog(ledger, signer: signer)
        store = try LogStore(path: ledger.logPath, isReadOnly: false)
        let (indexStore, manifest) = try IndexLoader.open(ledger, log: store)
        index = LogIndex(store: indexStore, manifest: manifest, tuning: tuning)
        applier = try Applier(store: store, index: index, maintainer: nil, signer: signer)
    }

    /// A request laid out for this log, recorded at a time.
    func ordered(_ request: AppendRequest, _ sequencer: inout Sequencer, at time: Int64) throws -> OrderedRequest {
        var preparation = EventPreparation(hasher: index.hasher)
        return sequencer.order(try preparation.prepare(request), now: Timestamp(microseconds: time))
    }

    func apply(_ requests: [OrderedRequest]) -> [Result<[Receipt], LogError>] { applier.apply(requests) }

    /// The position that the next entry gets.
    var head: Position { applier.head }

    /// Hands the applying step over, to a pipeline for example.
    func takeApplier() -> Applier { applier }

    /// Every record of the log's file, by database.
    func everything() throws -> [String: [[UInt8]]] {
        let transaction = try store.beginRead()
        var result: [String: [[UInt8]]] = [:]
        for database in [store.entries, store.disclosures, store.nodes, store.state] {
            var records: [[UInt8]] = []
            var cursor = try transaction.cursor(over: database)
            var found = try cursor.moveToFirst()
            while found {
                records.append(cursor.key.copied + [0xFF] + cursor.value.copied)
                found = try cursor.moveToNext()
            }
            result[database.name] = records
        }
        return result
    }
}

extension TemporaryFolder {
    /// A folder, where there is no getting on without one.
    static func make() -> TemporaryFolder {
        guard let folder = try? TemporaryFolder() else { preconditionFailure("no temporary folder") }
        return folder
    }
}
