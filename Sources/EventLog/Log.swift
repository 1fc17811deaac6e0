internal import Foundation
internal import LMDB
public import Transparency

/// An append-only log of events in a folder: append, read, subscribe, prove.
///
/// ```swift
/// let signer = try NoteSigner.generate(name: "port.example/ledger")
/// let log = try Log.create(at: "/var/lib/ledger", signer: signer)
/// let receipts = try await log.append(AppendRequest([EventDraft(agency: "CUS", tags: [try Tag("declaration:1")], event: json)]))
/// let story = try log.read(Query(tags: [try Tag("declaration:1")]), ReadRange())
/// ```
///
/// One process at a time may write; any number may read. All calls are safe from any thread. A call that reads touches
/// the disk on the thread that makes it; none waits for the network or for other readers.
public final class Log: EventStore {
    /// The folder.
    public let path: String
    /// Whose signatures make the checkpoints; its name is the origin.
    public let verifier: NoteVerifier
    /// Whether the log may only be read.
    public let isReadOnly: Bool

    package let folder: LedgerFolder
    let store: LogStore
    let reader: LogReader
    let signal: HeadSignal
    private let writing: Writing?
    let following: HeadPoller?
    /// The time by which what is appended is recorded; of a log that is only read, the machine's.
    package let clock: LogClock

    /// What a log that may be written has besides.
    private struct Writing: Sendable {
        let lock: WriterLock
        let index: LogIndex
        let maintainer: IndexMaintainer
        let pipeline: AppendPipeline
        let state: Closing
    }

    /// Whether a log was closed.
    private final class Closing: @unchecked Sendable {
        private let lock = NSLock()
        private var isClosed = false

        /// Notes that the log is closed, and says whether it was already.
        func close() -> Bool {
            lock.withLock {
                defer { isClosed = true }
                return isClosed
            }
        }
    }

    private init(
        folder: LedgerFolder, store: LogStore, reader: LogReader, signal: HeadSignal, writing: Writing?,
        following: HeadPoller?, clock: @escaping LogClock = { .now() }
    ) {
        self.clock = clock
        path = folder.path
        verifier = folder.verifier
        isReadOnly = writing == nil
        self.folder = folder
        self.store = store
        self.reader = reader
        self.signal = signal
        self.writing = writing
        self.following = following
    }

    deinit {
        close()
    }

    /// Makes a new log in a folder that does not exist or is empty, and opens it for writing.
    ///
    /// - Parameters:
    ///   - compresses: Whether what is appended until it is closed is stored compressed, once there are a thousand entries to
    ///     make a dictionary of: in a third of the room or less, for some 0.3 µs more when an entry is read.
    ///   - clock: By which the log records what is appended until it is closed.
    /// - Throws: ``LogError`` with code `.alreadyExists` if there is something already.
    public static func create(
        at path: String, signer: NoteSigner, compresses: Bool = true, clock: @escaping LogClock = { .now() }
    ) throws(LogError) -> Log {
        try create(at: path, signer: signer, beside: [], compresses: compresses, clock: clock)
    }

    /// As the other, in a folder in which something else lies.
    ///
    /// - Parameter others: The names of what may lie in the folder besides.
    package static func create(
        at path: String, signer: NoteSigner, beside others: Set<String>, compresses: Bool = true,
        clock: @escaping LogClock = { .now() }
    ) throws(LogError) -> Log {
        try make(at: path, signer: signer, beside: others)
        return try open(at: path, signer: signer, compresses: compresses, clock: clock)
    }

    private static func make(at path: String, signer: NoteSigner, beside others: Set<String>) throws(LogError) {
        let lock = try WriterLock.whileCreating(path, beside: others)
        defer { lock.release() }
        let folder = try LedgerFolder(creating: path, verifier: signer.verifier, beside: others)
        try LogRestorer.writeEmptyLog(folder, signer: signer)
        // Whatever can fail is done before the folder becomes a ledger.
        _ = try IndexStore(path: folder.indexPath, isReadOnly: false)
        try folder.finish()
    }

    /// Opens a log for writing. Entries that the index lacks are filed first.
    ///
    /// - Parameters:
    ///   - compresses: Whether what is appended until it is closed is stored compressed.
    ///   - clock: By which the log records what is appended until it is closed.
    /// - Throws: ``LogError``: `.inUse` naming the process that writes it, `.wrongKey` if the signer is not the log's,
    ///   `.corrupted` if what is there is not what the log's key vouched for.
    /// - Complexity: O(*n*) in the bytes of the index, which is held against its checksums (5 million entries: 0.3 s), and
    ///   O(*t*) in the entries after its last run: at most some 100,000 unless the index is gone.
    public static func open(
        at path: String, signer: NoteSigner, compresses: Bool = true, progress: (Position) -> Void = { _ in },
        clock: @escaping LogClock = { .now() }
    ) throws(LogError) -> Log {
        try open(
            at: path, signer: signer, tuning: .standard, compresses: compresses, progress: progress, clock: clock)
    }

    /// Opens a log for writing, with an index that flushes and merges otherwise than by the standard.
    package static func open(
        at path: String, signer: NoteSigner, tuning: IndexTuning, compresses: Bool = true,
        progress: (Position) -> Void = { _ in },
        clock: @escaping LogClock = { .now() }
    ) throws(LogError) -> Log {
        let folder = try LedgerFolder(opening: path)
        guard signer.verifier == folder.verifier else {
            throw LogError(
                .wrongKey,
                "The key “\(signer.verifier)” is not the one that signs for this ledger, “\(folder.verifier)”.")
        }
        let lock = try WriterLock(path: folder.lockPath)
        let store = try LogStore(path: folder.logPath, isReadOnly: false)
        let state = try LogRestorer.soundState(of: store, folder.verifier)
        let (indexStore, manifest) = try IndexLoader.open(folder, log: store)
        let index = LogIndex(store: indexStore, manifest: manifest, tuning: tuning)
        let maintainer = IndexMaintainer(log: store, index: index)
        maintainer.start(manifest)
        let reader = LogReader(store: store, index: index)
        let pipeline = AppendPipeline()
        let signal = HeadSignal(head: state.frontier.size)
        do throws(LogError) {
            try IndexLoader.catchUp(
                index, log: store, to: state.frontier.size, maintainer: maintainer, progress: progress)
            let applier = try Applier(
                store: store, index: index, maintainer: maintainer, signer: signer, compresses: compresses)
            pipeline.start(Sequencer(last: state.recorded), applier, clock: clock) { signal.publish($0) }
        } catch {
            maintainer.stop()
            throw error
        }
        let writing = Writing(
            lock: lock, index: index, maintainer: maintainer, pipeline: pipeline, state: Closing())
        return Log(
            folder: folder, store: store, reader: reader, signal: signal, writing: writing, following: nil,
            clock: clock)
    }

    /// Opens a log for reading, also while another process writes it.
    ///
    /// - Throws: ``LogError``.
    public static func open(readingAt path: String) throws(LogError) -> Log {
        let folder = try LedgerFolder(opening: path)
        let store = try LogStore(path: folder.logPath, isReadOnly: true)
        let state = try LogRestorer.soundState(of: store, folder.verifier)
        var reader = LogReader(store: store, index: nil)
        if let (indexStore, manifest) = try IndexLoader.openReadOnly(folder, log: store) {
            let index = LogIndex(store: indexStore, manifest: manifest)
            reader = LogReader(store: store, index: index, follower: IndexFollower(log: store, index: index))
        }
        let signal = HeadSignal(head: state.frontier.size)
        let poller = HeadPoller(signal: signal) { [reader] () throws(LogError) in try reader.head() }
        return Log(folder: folder, store: store, reader: reader, signal: signal, writing: nil, following: poller)
    }

    /// Finishes what is queued, ends subscriptions, and gives up the right to write. A log that goes out of use does it
    /// too. Its files are let go of once nothing refers to the log or to a subscription any more; only then can the same
    /// process open the folder again.
    public func close() {
        following?.stop()
        guard let writing, !writing.state.close() else {
            signal.close()
            return
        }
        writing.pipeline.close()
        signal.close()
        writing.maintainer.stop()
        writing.lock.release()
    }

    // MARK: Appending

    public func append(_ request: AppendRequest) async throws(LogError) -> [Receipt] {
        guard let writing else { throw Self.readOnlyError }
        var preparation = EventPreparation(hasher: writing.index.hasher)
        let prepared = try preparation.prepare(request)
        let result = await withCheckedContinuation { continuation in
            writing.pipeline.submit(Submission(prepared) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    /// Appends several requests in their order, each on its own: one that is refused does not concern the others, and
    /// all that come while one commit syncs share the next.
    ///
    /// - Returns: For each request its receipts, or why it was refused, once all are decided.
    public func append(each requests: [AppendRequest]) async -> [Result<[Receipt], LogError>] {
        guard let writing else { return requests.map { _ in .failure(Self.readOnlyError) } }
        var preparation = EventPreparation(hasher: writing.index.hasher)
        let answers = AnswerBox(count: requests.count)
        return await withCheckedContinuation { continuation in
            answers.whenComplete { continuation.resume(returning: $0) }
            for (number, request) in requests.enumerated() {
                do throws(LogError) {
                    let prepared = try preparation.prepare(request)
                    writing.pipeline.submit(Submission(prepared) { answers.put($0, at: number) })
                } catch {
                    answers.put(.failure(error), at: number)
                }
            }
        }
    }

    /// Hands a request that is laid out already to the writer.
    func submit(
        _ request: PreparedRequest, reply: @escaping @Sendable (Result<[Receipt], LogError>) -> Void
    ) throws(LogError) {
        guard let writing else { throw Self.readOnlyError }
        writing.pipeline.submit(Submission(request, reply: reply))
    }

    /// Appends as ``append(_:)`` does, and waits for it on a thread of the caller's own.
    @available(*, noasync)
    package func appendAndWait(_ request: AppendRequest) throws(LogError) -> [Receipt] {
        guard let writing else { throw Self.readOnlyError }
        var preparation = EventPreparation(hasher: writing.index.hasher)
        let prepared = try preparation.prepare(request)
        let answer = Mailbox<Result<[Receipt], LogError>>()
        try submit(prepared) { _ = answer.put($0) }
        guard let result = answer.takeAll()?.first else { throw LogError(.closed, "The log was closed.") }
        return try result.get()
    }

    private static var readOnlyError: LogError {
        LogError(.permissionDenied, "The log was opened for reading only.")
    }

    // MARK: Reading

    public var head: Position {
        // Who writes the log knows it: it is told of each commit before the receipts are.
        get throws(LogError) { writing == nil ? try reader.head() : signal.current }
    }

    public func read(_ query: Query, _ range: ReadRange) throws(LogError) -> [Entry] {
        var result: [Entry] = []
        try read(query, range) { (entries) throws(LogError) in
            result += entries
            return true
        }
        return result
    }

    /// Reads the entries of a range that match a query page by page, so that memory stays small.
    ///
    /// - Parameter visit: Gets a page of entries and returns whether to go on.
    /// - Throws: ``LogError``, or what `visit` throws.
    public func read(
        _ query: Query, _ range: ReadRange, visit: (_ entries: [Entry]) throws(LogError) -> Bool
    ) throws(LogError) {
        try query.validate()
        var rest = range
        try LogReader.check(range, head)
        var isLast = range.limit <= 0
        // A range without an end reads up to the head as it is when reading begins.
        if rest.to == nil { rest.to = max(rest.from, try head) }
        while !isLast {
            let page = try reader.page(query, rest)
            if !page.entries.isEmpty, try !visit(page.entries) { return }
            rest = page.rest
            isLast = page.isLast
        }
    }

    /// Goes through entries in place, without copying them.
    ///
    /// - Parameters:
    ///   - from: The first position.
    ///   - to: The position after the last; nil for the head.
    ///   - visit: Gets the position, when it was recorded, and the entry's bytes, which are good only inside; returns
    ///     whether to go on.
    /// - Complexity: O(*n*) in the entries, no allocation for each.
    public func scan(
        from: Position = 0, to: Position? = nil,
        visit: (_ position: Position, _ recorded: Timestamp, _ entry: Span<UInt8>) throws(LogError) -> Bool
    ) throws(LogError) {
        try reader.scan(from: from, to: to, visit)
    }

    /// Appends entries that follow one another as lines of newline-delimited JSON, as ``Entry/appendLine(to:)`` writes them.
    ///
    /// - Parameter maximumBytes: No further entry is begun once the text has so many bytes.
    /// - Returns: The position after the last.
    /// - Throws: ``LogError``: `.positionBeyondHead` if the range is, `.corrupted` if one is not what was written.
    /// - Complexity: O(*n*) in the bytes; no allocation for each entry.
    public func appendLines(
        from: Position, to end: Position, maximumBytes: Int, to text: inout [UInt8]
    ) throws(LogError) -> Position {
        try reader.appendLines(from: from, to: end, maximumBytes: maximumBytes, to: &text)
    }

    /// As the other, with the disclosures beside each entry.
    ///
    /// - Parameter beside: Gets each disclosure after the line of its entry, in place, and may append lines of its own.
    package func appendLines(
        from: Position, to end: Position, maximumBytes: Int, to text: inout [UInt8],
        beside: (_ place: DisclosurePlace, _ disclosure: Span<UInt8>, _ text: inout [UInt8]) -> Void
    ) throws(LogError) -> Position {
        try withoutActuallyEscaping(beside) { (beside) throws(LogError) in
            try reader.appendLines(from: from, to: end, maximumBytes: maximumBytes, to: &text, beside: beside)
        }
    }

    public func position(recordedAtOrAfter time: Timestamp) throws(LogError) -> Position {
        try reader.position(recordedAtOrAfter: time)
    }

    /// The entry at a position.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if there is none.
    public func entry(at position: Position) throws(LogError) -> Entry {
        try entries(at: [position])[0]
    }

    /// The entries at some positions, in their order, of one moment.
    ///
    /// - Throws: ``LogError`` as ``entry(at:)``.
    /// - Complexity: O(*n*) in their bytes, and a look-up for each.
    public func entries(at positions: [Position]) throws(LogError) -> [Entry] {
        let transaction = try store.beginRead()
        let head = try store.readState(in: transaction).frontier.size
        var entries: [Entry] = []
        entries.reserveCapacity(positions.count)
        for position in positions {
            guard position < head else {
                throw LogError(
                    .positionBeyondHead, "Position \(position) is beyond the head: the log has \(head) entries.")
            }
            entries.append(try store.entry(at: position, in: transaction))
        }
        return entries
    }

    /// The entries of events that are in the log, by the indices of what they are known by; those that are not there are
    /// left out.
    ///
    /// - Complexity: O(*n*) in the identities, some ten nanoseconds each for those that are not there.
    public func entries(of identities: [EventIdentity]) throws(LogError) -> [Int: Entry] {
        try reader.entries(of: identities)
    }

    /// The sealed disclosures beside the entry at a position, by their ordinals.
    public func disclosures(at position: Position) throws(LogError) -> [[UInt8]] {
        Array(try disclosures(at: [position])[0])
    }

    /// The sealed disclosures beside the entries at some positions.
    ///
    /// - Complexity: O(*n*) in the disclosures for positions that follow one another; each that does not costs a look-up.
    package func disclosures(at positions: [Position]) throws(LogError) -> DisclosureBatch {
        let transaction = try store.beginRead()
        return try store.disclosures(at: positions, in: transaction)
    }

    /// The events that match a query from a position on: those that are there, then those that come.
    ///
    /// - Throws: ``LogError`` with code `.positionBeyondHead` if the position is above the head.
    public func subscribe(_ query: Query = .all, from position: Position = 0) throws(LogError) -> Subscription {
        try query.validate()
        let head = try head
        guard position <= head else {
            throw LogError(
                .positionBeyondHead, "Position \(position) is beyond the head: the log has \(head) entries.")
        }
        following?.start()
        return Subscription(reader: reader, signal: signal, query: query, from: position, log: self)
    }
}
