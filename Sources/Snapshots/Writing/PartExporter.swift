public import EventLog
public import Exchange
internal import Glibc
internal import LMDB
public import Transparency

/// Writes a part of a log into one file: what concerns an object, an agency, a port or a period, and of all else hashes, so that
/// it verifies as the whole does.
///
/// For a recipient the entries are those that it may see, the same as everyone's, each with the disclosures it may have: as it
/// would read them, and recorded as if it had. An entry that it may not see looks like one that is not meant. Without a
/// recipient the sealed disclosures lie beside the entries, as in a snapshot of the log.
public struct PartExporter: Sendable {
    private let log: Log
    private let ledger: ExchangeLedger?
    private let signer: NoteSigner
    private let level: Int

    /// - Parameters:
    ///   - log: The log.
    ///   - signer: The key that signs its checkpoints.
    public init(log: Log, signer: NoteSigner, level: Int = 3) {
        (self.log, self.signer, self.level) = (log, signer, level)
        ledger = nil
    }

    /// - Parameters:
    ///   - ledger: The ledger, of which recipients are given what they may see.
    ///   - signer: The key that signs its checkpoints.
    public init(ledger: ExchangeLedger, signer: NoteSigner, level: Int = 3) {
        (log, self.signer, self.level) = (ledger.log, signer, level)
        self.ledger = ledger
    }

    /// Writes the part to a file, which appears whole or not at all. What an export that was killed left is begun anew: a
    /// recipient's rights may be others since.
    ///
    /// - Parameters:
    ///   - part: Which entries; its end is cut off at the head. Tags that name persons are blinded if there is a recipient.
    ///   - reader: The recipient; nil for none.
    ///   - path: The file.
    ///   - replacing: Whether a file that exists is replaced.
    ///   - progress: Gets how many positions of how many have been gone through.
    /// - Throws: ``SnapshotError``: as ``SnapshotExporter/export(to:since:replacing:resuming:created:progress:)``, and `.refused`
    ///   with what the exchange says of the recipient; also if what opened something to it ends meanwhile.
    /// - Complexity: O(*k*) in the bytes of the part, and O(log² *n*) for each run of entries that are left out.
    public func export(
        _ part: SnapshotPart, for reader: Reader? = nil, to path: String, replacing: Bool = false,
        created: Timestamp = .now(), progress: @Sendable (Position, Position) -> Void = { _, _ in }
    ) async throws(SnapshotError) -> SnapshotSummary {
        guard replacing || access(path, F_OK) != 0 else { throw OwnedPath.exists(path) }
        var part = part
        part.recipient = reader.map(SnapshotRecipient.init)
        if let reader, let ledger {
            part.query = try wrapping { () throws(ExchangeError) in try ledger.blind(part.query, for: reader) }
        }
        let manifest = try manifest(&part, created)
        let file = try OwnedPath.file(path + ".partial")
        try file.cut(at: 0)
        var writer = SnapshotWriter(file, level: level)
        var text = PartText(log, size: manifest.checkpoint.size)
        do throws(SnapshotError) {
            try writer.write(try manifest.line(signedBy: signer))
            let selection = try reading { () throws(LogError) in try PartSelection(part, in: log) }
            var given: GivenReading?
            if let reader, let ledger {
                given = try wrapping { () throws(ExchangeError) in try GivenReading(ledger, for: reader) }
            }
            var position = part.from
            while let entries = try reading({ () throws(LogError) in try selection.next(from: &position, in: log) }) {
                if given != nil {
                    let lines = try await taken(entries, &given)
                    for (entry, line) in zip(entries, lines) where line != nil {
                        try text.append(line ?? [], at: entry.position)
                    }
                } else {
                    for entry in entries { try text.append(entryAt: entry.position) }
                }
                if text.bytes.count >= manifest.frameBytes { try writer.write(text.takeFrame()) }
                progress(position, part.to)
            }
            try text.finish()
            if !text.bytes.isEmpty { try writer.write(text.takeFrame()) }
            try writer.write(try text.beside.end.line(of: manifest, signedBy: signer))
            try writer.flush()
        } catch {
            writer.abandon()
            throw error
        }
        let bytes = try writer.publish(as: path, replacing: replacing)
        return SnapshotSummary(
            manifest, entries: text.entries, beside: text.beside.frontier.size, fileBytes: bytes.file,
            textBytes: bytes.text,
            isKeyKnown: true)
    }

    private func taken(
        _ entries: [Entry], _ given: inout GivenReading?
    ) async throws(SnapshotError) -> [[UInt8]?] {
        do throws(ExchangeError) {
            return try await given?.lines(of: entries) ?? []
        } catch {
            throw SnapshotError(.refused, error.reason)
        }
    }

    /// Fixes what is exported: the checkpoint, and the part within it.
    private func manifest(_ part: inout SnapshotPart, _ created: Timestamp) throws(SnapshotError) -> SnapshotManifest {
        guard signer.verifier == log.verifier else {
            throw SnapshotError(
                .wrongKey, "The key “\(signer.verifier)” is not the one that signs for this ledger, “\(log.verifier)”.")
        }
        let note = try reading { () throws(LogError) in try log.checkpoint() }
        do throws(NoteError) {
            let size = try Checkpoint(note, verifiedBy: log.verifier).size
            part.from = min(part.from, size)
            part.to = max(part.from, min(part.to, size))
            return try SnapshotManifest(
                .part(part), note: note, verifier: log.verifier, created: created,
                frameBytes: SnapshotExporter.frameBytes(level: level))
        } catch {
            throw SnapshotError(.ledgerDamaged, "The log's checkpoint does not hold: \(error).")
        }
    }

    private func reading<Value>(_ body: () throws(LogError) -> Value) throws(SnapshotError) -> Value {
        do throws(LogError) {
            return try body()
        } catch {
            throw SnapshotError(error, "read the ledger")
        }
    }

    private func wrapping<Value>(_ body: () throws(ExchangeError) -> Value) throws(SnapshotError) -> Value {
        do throws(ExchangeError) {
            return try body()
        } catch {
            throw SnapshotError(.refused, error.reason)
        }
    }
}

extension SnapshotRecipient {
    init(_ reader: Reader) {
        self.init(
            kind: reader.kind.rawValue, agency: reader.agency, role: reader.role, purpose: reader.purpose,
            caseName: reader.caseName)
    }
}
