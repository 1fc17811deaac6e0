public import EventLog
internal import JSON
internal import Synchronization
public import Transparency

/// A ledger that agencies share: a log, whose first event is a charter, with the keys of what is sealed in it and the log of
/// who looked.
///
/// What may be appended and seen is decided by the charter, rules and grants that stand in the log itself. One process writes
/// a ledger.
public final class ExchangeLedger: Sendable {
    /// Who signs the checkpoints of the log and of the access log.
    public struct Signers: Sendable {
        let log: NoteSigner
        let access: NoteSigner

        public init(log: NoteSigner, access: NoteSigner) {
            self.log = log
            self.access = access
        }
    }

    /// The log: entries as they are stored, sealed.
    public let log: Log
    /// Who was given what is classified.
    public let accessLog: Log
    let keys: KeyStore
    let state: Mutex<ExchangeState>
    let erasureTurn = ErasureTurn()
    let probe: ErasureProbe
    let recorder: AccessRecorder
    let anchoring: AnchorKeeper?

    init(
        log: Log, accessLog: Log, keys: KeyStore, state: ExchangeState, _ options: ExchangeOptions,
        probe: ErasureProbe = ErasureProbe()
    ) throws(ExchangeError) {
        self.log = log
        self.accessLog = accessLog
        self.keys = keys
        self.probe = probe
        self.state = Mutex(state)
        // Last: it has a thread, which ends when the ledger is closed.
        anchoring = try AnchorKeeper.keeping(accessLog, in: log, options)
        recorder = AccessRecorder(log: accessLog, tagger: AccessTagger(keys: keys)) { [anchoring] in
            anchoring?.noteGrowth()
        }
    }

    /// The state of a log that begins with a charter.
    static func fold(_ log: Log) throws(ExchangeError) -> ExchangeState {
        var state = ExchangeState(of: log)
        try state.fold(log)
        _ = try state.charter()
        return state
    }

    /// Opens a ledger for writing. Erasures that the log orders and that were not finished are finished first.
    ///
    /// - Parameter erasing: Gets how many entries of how many have been searched for rows of erased subjects.
    /// - Throws: ``ExchangeError``: `.log` for what the log refuses, `.notFounded` if it has no charter,
    ///   `.accessLogAltered` if the access log is not what was anchored, as
    ///   ``KeyStore/init(path:wrappingKey:logFence:options:)``.
    public static func open(
        at path: String, signers: Signers, wrappingKey: any WrappingKey, options: ExchangeOptions = ExchangeOptions(),
        erasing: (Position, Position) -> Void = { _, _ in }
    ) throws(ExchangeError) -> ExchangeLedger {
        try open(
            at: path, signers: signers, wrappingKey: wrappingKey, options: options, probe: ErasureProbe(),
            erasing: erasing)
    }

    /// As the other, with something that is told of each step of an erasure and may stop there.
    package static func open(
        at path: String, signers: Signers, wrappingKey: any WrappingKey, options: ExchangeOptions = ExchangeOptions(),
        probe: ErasureProbe, erasing: (Position, Position) -> Void = { _, _ in }
    ) throws(ExchangeError) -> ExchangeLedger {
        let (log, accessLog) = try ExchangeError.wrapping { () throws(LogError) in
            (
                try Log.open(at: path, signer: signers.log, clock: options.clock),
                try Log.open(at: path + "/access", signer: signers.access, clock: options.clock)
            )
        }
        let state = try Founding.state(of: log, at: path)
        let keys = try KeyStore(
            path: path + "/keys", wrappingKey: wrappingKey, logFence: state.erasures.lastFence, probe: probe.keys)
        let ledger = try ExchangeLedger(
            log: log, accessLog: accessLog, keys: keys, state: state, options, probe: probe)
        try ledger.carryOutErasures(progress: erasing)
        try ledger.recordAllDeniedRequests()
        return ledger
    }

    /// Finishes what is queued, anchors the access log and gives up the right to write.
    public func close() {
        accessLog.close()
        anchoring?.stop()
        log.close()
    }

    /// Why the access log could not be anchored when that was tried last, or nil. Until it is, the records since the last
    /// anchor could be cut off without its being noticed.
    public var anchoringFailure: String? { anchoring?.failure }

    deinit {
        close()
    }

    /// The charter as it stands now.
    public func charter() throws(ExchangeError) -> Charter {
        try current { state throws(ExchangeError) in try state.charter() }
    }

    /// The charter as it was known at a time; nil if there was none yet.
    public func charter(asOf time: Timestamp) throws(ExchangeError) -> Charter? {
        try current { $0.history.charter(asOf: time) }
    }

    /// Does something with the state after folding what has come.
    func current<Result>(
        _ body: (inout ExchangeState) throws(ExchangeError) -> Result
    ) throws(ExchangeError) -> Result {
        try state.withLock { state throws(ExchangeError) in
            try state.fold(log)
            return try body(&state)
        }
    }
}
