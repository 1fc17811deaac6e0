internal import LMDB
internal import Synchronization
internal import Transparency

/// The log's own environment, `DIR/log/`: entries, disclosures, tree nodes, state.
struct LogStore: Sendable {
    let environment: LMDBEnvironment
    /// Position (8, big-endian) → header and entry.
    let entries: LMDBDatabase
    /// Position (8) and ordinal (2), big-endian → sealed disclosure.
    let disclosures: LMDBDatabase
    /// Level (1) and index (8, big-endian) → for level 0 the 256 leaf hashes of a full tile; above, one hash.
    let nodes: LMDBDatabase
    /// `state` → ``LogState``.
    let state: LMDBDatabase
    /// By which entries are read that are stored compressed.
    let codec: EntryCodec
    /// The state record that was read last, and what it says: it is read far more often than it changes, and to hold its root
    /// against its hashes each time is most of what a read of the head costs.
    private let last = LastState()

    private final class LastState: Sendable {
        let value = Mutex<(bytes: [UInt8], state: LogState)?>(nil)
    }

    init(path: String, isReadOnly: Bool) throws(LogError) {
        do throws(LMDBError) {
            environment = try LMDBEnvironment(
                path: path, options: .init(isReadOnly: isReadOnly, mapSize: 1 << 40, databases: 8))
            let databases = try environment.databases(["entries", "disclosures", "nodes", "state", "dictionaries"])
            entries = databases[0]
            disclosures = databases[1]
            nodes = databases[2]
            state = databases[3]
            codec = EntryCodec(database: databases[4])
        } catch {
            throw LogError(error)
        }
    }

    /// The state of the last commit that a transaction sees; that of an empty log if nothing was ever committed.
    func readState(in transaction: borrowing some LMDBReading & ~Copyable) throws(LogError) -> LogState {
        let key = LogState.key
        var record: [UInt8]?
        do throws(LMDBError) {
            if let bytes = try transaction.value(for: key.span, in: state) {
                if let known = known(bytes) { return known }
                record = bytes.copied
            }
        } catch {
            throw LogError(error)
        }
        guard let record else { return LogState() }
        let read = try LogState(record.span)
        last.value.withLock { $0 = (record, read) }
        return read
    }

    /// The state of a record if it is byte for byte the one that was read last.
    private func known(_ bytes: Span<UInt8>) -> LogState? {
        let (known, state) = last.value.withLock { $0 } ?? ([], LogState())
        guard !known.isEmpty, known.span.isEqual(to: bytes) else { return nil }
        return state
    }

    /// The key of a tree node.
    static func nodeKey(level: Int, index: UInt64) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(9)
        key.append(UInt8(truncatingIfNeeded: level))
        key.append(bigEndian: index)
        return key
    }

    /// The key of a disclosure.
    static func disclosureKey(position: Position, ordinal: Int) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(10)
        key.append(bigEndian: position)
        key.append(bigEndian: UInt16(truncatingIfNeeded: ordinal))
        return key
    }
}

extension LogError {
    /// What a failure of LMDB means where it was the index that was read.
    init(ofIndex error: LMDBError) {
        self.init(error)
        guard code == .corrupted else { return }
        self.init(
            .indexDamaged,
            "The index is damaged (\(error)). `sanhu index rebuild` makes it anew; the log is not concerned.")
    }

    /// What a failure of LMDB means for the ledger.
    init(_ error: LMDBError) {
        switch error.code {
        case .diskFull:
            self.init(.diskFull, "The disk is full (\(error.operation)). Free some space and try again.")
        case .mapFull:
            self.init(.mapFull, "The ledger's file has reached its largest size (\(error.operation)).")
        case .permissionDenied:
            self.init(
                .permissionDenied,
                "No permission (\(error.operation)). Readers read data.mdb and write lock.mdb, in which they say what they "
                    + "still need; writers write all.")
        case .noSuchFile:
            self.init(.notALedger, "A file of the ledger is missing (\(error.operation)).")
        case .corrupted, .notAnEnvironment, .versionMismatch, .keyExists:
            self.init(
                .corrupted,
                "The ledger's file is damaged (\(error)). Run `sanhu verify` and restore it from a snapshot.")
        case .panic, .inputOutput:
            self.init(.failed, "The disk failed (\(error)). Close the ledger, check the disk, then open it again.")
        case .alreadyOpen:
            self.init(.inUse, "This process has the ledger open already (\(error.operation)).")
        default:
            self.init(.inputOutput, "\(error)")
        }
    }
}
