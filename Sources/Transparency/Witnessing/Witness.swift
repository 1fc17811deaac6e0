/// A witness, as far as it can be said without a disk: the logs that it follows, and what it answers.
///
/// ``judge(_:)`` changes nothing. Whoever holds a witness makes what it gives durable, calls ``record(_:)``, and cosigns then:
/// a witness that forgets what it cosigned can be made to cosign two histories.
///
/// Source: C2SP tlog-witness, `add-checkpoint`.
public struct Witness: Sendable {
    /// The most logs that a witness follows.
    public static let maximumLogs = 64

    /// By their origins.
    private var byOrigin: [String: WitnessedLog] = [:]

    public init() {}

    /// The logs, in the order of their origins.
    public var logs: [WitnessedLog] { byOrigin.values.sorted { $0.key.name < $1.key.name } }

    /// What is known of a log; nil if it is not followed.
    public func log(_ origin: String) -> WitnessedLog? { byOrigin[origin] }

    /// Writes down what is known of a log. Its size never becomes smaller, and its key never another.
    ///
    /// - Throws: ``WitnessRefusal`` with code `.malformed` if it would, or there are too many logs.
    public mutating func record(_ log: WitnessedLog) throws(WitnessRefusal) {
        let origin = log.key.name
        if let known = byOrigin[origin] {
            guard known.key == log.key else {
                throw WitnessRefusal(.malformed, "“\(origin)” is followed under another key already.")
            }
            guard log.size > known.size || log.checkpoint?.root == known.checkpoint?.root || known.note == nil else {
                throw WitnessRefusal(.malformed, "What is known of “\(origin)” does not go back.")
            }
        } else if byOrigin.count >= Self.maximumLogs {
            throw WitnessRefusal(.malformed, "A witness follows at most \(Self.maximumLogs) logs.")
        }
        byOrigin[origin] = log
    }

    /// Judges what was submitted to `add-checkpoint`.
    ///
    /// - Parameter body: As it came: a line with the old size, the hashes of the proof, an empty line, the checkpoint.
    /// - Returns: What is to be known of the log from now on.
    /// - Throws: ``WitnessRefusal``.
    public func judge(_ body: String) throws(WitnessRefusal) -> WitnessedLog {
        let submitted: ConsistencyProof
        let origin: String
        do throws(NoteError) {
            submitted = try ConsistencyProof(body)
            guard let note = submitted.checkpoint else {
                throw NoteError(.malformedProof, "A checkpoint follows the proof.")
            }
            origin = try Checkpoint(note.text).origin
        } catch {
            throw WitnessRefusal(.malformed, error.reason)
        }
        guard let log = byOrigin[origin] else {
            throw WitnessRefusal(.unknownLog, "This witness does not follow the log “\(origin.prefix(255))”.")
        }
        return try log.judge(submitted)
    }
}
