public import EventLog
internal import Foundation
internal import Synchronization
public import Transparency

/// A witness and its folder: what it cosigned outlives it, however it ends.
///
/// ```
/// DIR/state.json       its key, and of each log it follows the latest checkpoint
/// DIR/evidence/        contradictions it was shown, a file each
/// DIR/lock             one process at a time
/// ```
///
/// A cosignature is made after what it says is durable: written, synced, renamed, the folder synced. A crash before that
/// leaves a log that was not cosigned; a crash after it leaves a checkpoint that is known and may be cosigned again.
public final class WitnessFolder: Sendable {
    /// The most files of evidence that are kept.
    public static let maximumEvidence = 256

    /// Writes a file and makes it durable.
    package typealias Writing = @Sendable (_ bytes: [UInt8], _ path: String) throws(LogError) -> Void

    private struct Held {
        var state: WitnessState
        /// Why nothing more is cosigned: what is on the disk is not known.
        var failure: LogError?
    }

    public let path: String
    private let signer: CosignatureSigner
    private let lock: WriterLock
    private let held: Mutex<Held>
    private let writing: Writing

    // MARK: Making and opening

    /// Makes the folder of a new witness.
    ///
    /// - Throws: ``LogError``: `.alreadyExists` if there is one.
    public static func create(at path: String, for verifier: CosignatureVerifier) throws(LogError) {
        try DurableFile.makeFolder(path)
        let lock = try Self.lock(path)
        defer { lock.release() }
        guard try DurableFile.read(file(path)) == nil else {
            throw LogError(.alreadyExists, "\(path) is a witness's folder already. Choose another.")
        }
        try DurableFile.makeFolder(path + "/evidence")
        try DurableFile.write(WitnessState(verifier).bytes, to: file(path), mode: 0o600)
        try DurableFile.sync(folder: DurableFile.folder(of: path))
    }

    /// Opens the folder of a witness, alone.
    ///
    /// - Throws: ``LogError``: `.notALedger` if there is none, `.corrupted` if it is damaged, `.wrongKey` if it is of another
    ///   key, `.inUse` if another process has it.
    public convenience init(at path: String, signer: CosignatureSigner) throws(LogError) {
        try self.init(at: path, signer: signer) { bytes, path throws(LogError) in
            try DurableFile.write(bytes, to: path, mode: 0o600)
        }
    }

    /// As the other, with the writing of files by somebody else.
    package init(at path: String, signer: CosignatureSigner, writing: @escaping Writing) throws(LogError) {
        // Before the lock, which makes a file.
        _ = try Self.state(at: path)
        lock = try Self.lock(path)
        let state = try Self.state(at: path)
        guard state.verifier == signer.verifier else {
            throw LogError(
                .wrongKey, "\(path) is of the witness \(state.verifier), and the key is of \(signer.verifier).")
        }
        self.path = path
        self.signer = signer
        self.writing = writing
        held = Mutex(Held(state: state))
    }

    /// What a folder says, without opening it: its witness's key, and the logs.
    ///
    /// - Throws: ``LogError`` as for opening it.
    public static func contents(
        at path: String
    ) throws(LogError) -> (verifier: CosignatureVerifier, logs: [WitnessedLog]) {
        let state = try state(at: path)
        return (state.verifier, state.witness.logs)
    }

    private static func state(at path: String) throws(LogError) -> WitnessState {
        guard let bytes = try DurableFile.read(file(path)) else {
            throw LogError(
                .notALedger,
                "\(file(path)) is not there. `sanhu witness init` makes a new witness; one that lost its folder needs a new "
                    + "key.")
        }
        return try WitnessState(bytes, at: file(path))
    }

    private static func file(_ path: String) -> String { path + "/state.json" }

    private static func lock(_ path: String) throws(LogError) -> WriterLock {
        do throws(LogError) {
            return try WriterLock(path: path + "/lock")
        } catch {
            guard error.code == .inUse else { throw error }
            throw LogError(.inUse, "\(path) is in use: a witness runs once. \(error.reason)")
        }
    }

    /// Gives the folder up, so that another may open it.
    public func close() {
        held.withLock { $0.failure = $0.failure ?? LogError(.closed, "The witness is closed.") }
        lock.release()
    }

    // MARK: What is known

    public var verifier: CosignatureVerifier { signer.verifier }

    /// The logs, in the order of their origins.
    public var logs: [WitnessedLog] { held.withLock { $0.state.witness.logs } }

    /// What is known of a log; nil if it is not followed.
    public func log(_ origin: String) -> WitnessedLog? { held.withLock { $0.state.witness.log(origin) } }

    /// The latest checkpoint of a log, cosigned now; nil if there is none.
    ///
    /// - Parameter time: In seconds since 1970.
    public func latest(_ origin: String, at time: UInt64) throws(WitnessFault) -> SignedNote? {
        guard let note = log(origin)?.note else { return nil }
        do throws(NoteError) {
            return try note.adding(signer.cosign(note.text, at: time))
        } catch {
            throw .failed(LogError(.wrongKey, error.reason))
        }
    }

    // MARK: Changing

    /// Follows a log from now on, if it does not yet; durable on return.
    public func follow(_ key: NoteVerifier) throws(WitnessFault) {
        try change { held throws(WitnessFault) in
            guard held.state.witness.log(key.name)?.key != key else { return }
            try write(WitnessedLog(key), &held)
        }
    }

    /// Answers what was submitted to `add-checkpoint`: judges it, makes durable what is then known, and cosigns.
    ///
    /// - Parameter time: In seconds since 1970.
    /// - Returns: The checkpoint with the log's signature and the cosignature.
    /// - Throws: ``WitnessFault``; evidence of a fork is kept before.
    public func cosign(_ body: String, at time: UInt64) throws(WitnessFault) -> SignedNote {
        try change { held throws(WitnessFault) in
            let log: WitnessedLog
            do throws(WitnessRefusal) {
                log = try held.state.witness.judge(body)
            } catch {
                // Whether or not there is room for it.
                if let evidence = error.evidence { _ = try? keep(evidence) }
                throw .refused(error)
            }
            guard let note = log.note else { throw .failed(LogError(.corrupted, "There is no checkpoint.")) }
            if log.checkpoint != held.state.witness.log(log.key.name)?.checkpoint { try write(log, &held) }
            do throws(NoteError) {
                return try note.adding(signer.cosign(note.text, at: time))
            } catch {
                throw .failed(LogError(.wrongKey, error.reason))
            }
        }
    }

    /// Keeps evidence; durable on return. The same evidence is kept once.
    ///
    /// - Returns: The path of its file.
    @discardableResult
    public func keep(_ evidence: WitnessEvidence) throws(WitnessFault) -> String {
        let bytes = Array(evidence.description.utf8)
        let digest = MerkleHash.leaf(bytes.span).bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            .joined()
        let folder = path + "/evidence"
        let file = "\(folder)/\(digest).evidence"
        do throws(LogError) {
            guard try DurableFile.read(file) == nil else { return file }
            try DurableFile.makeFolder(folder)
            let count = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.count ?? 0
            guard count < Self.maximumEvidence else {
                throw LogError(
                    .limitExceeded, "\(folder) holds \(count) files of evidence. Move them to where they are looked at."
                )
            }
            try writing(bytes, file)
            return file
        } catch {
            throw .failed(error)
        }
    }

    private func change<Result>(
        _ body: (inout Held) throws(WitnessFault) -> Result
    ) throws(WitnessFault) -> Result {
        let result = held.withLock { held -> Swift.Result<Result, WitnessFault> in
            if let failure = held.failure { return .failure(.failed(failure)) }
            do throws(WitnessFault) {
                return .success(try body(&held))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Makes durable what is known of a log, and then knows it.
    private func write(_ log: WitnessedLog, _ held: inout Held) throws(WitnessFault) {
        var state = held.state
        do throws(WitnessRefusal) {
            try state.witness.record(log)
        } catch {
            throw .refused(error)
        }
        do throws(LogError) {
            try writing(state.bytes, Self.file(path))
        } catch {
            // What had no place was not put in place. After anything else the disk may hold the one or the other.
            if ![.diskFull, .permissionDenied].contains(error.code) {
                held.failure = LogError(
                    error.code, "\(error.reason) Nothing more is cosigned until the witness is started again.")
            }
            throw .failed(error)
        }
        held.state = state
    }
}
