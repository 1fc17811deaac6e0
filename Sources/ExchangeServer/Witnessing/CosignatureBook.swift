internal import EventLog
internal import ExchangeProtocol
internal import NIOConcurrencyHelpers
internal import Transparency

/// Takes the cosignatures of the ledger's witnesses, keeps them in the ledger's folder `state`, and says which checkpoint the
/// witnesses should cosign next, so that all of them cosign the same.
final class CosignatureBook: Sendable {
    /// For how many seconds a checkpoint is proposed, unless enough have cosigned it before.
    static let proposalSeconds: UInt64 = 60

    /// The code of the problem that the ledger's key has signed what is not in its log.
    static let otherHistory = "otherHistory"

    private struct Held {
        var state: CosignatureState
        var proposal: (note: SignedNote, until: UInt64)?
    }

    let policy: WitnessPolicy?
    private let log: Log
    private let path: String
    private let held: NIOLockedValueBox<Held>

    /// - Throws: ``ServerFault`` if the policy is not for this ledger, or what is kept is of another one; ``LogError`` if it
    ///   cannot be read.
    init(_ log: Log, policy: WitnessPolicy?) throws {
        self.log = log
        self.policy = policy
        path = log.path + "/state/cosignatures.json"
        var state = CosignatureState()
        if let policy {
            guard policy.accepts(log.verifier) else {
                throw ServerFault(
                    .badSetting, "The policy over witnesses names logs, and not this one: \(log.verifier).")
            }
            if let bytes = try DurableFile.read(path) {
                state = try CosignatureState(bytes, at: path, key: log.verifier, policy: policy)
            }
        }
        held = NIOLockedValueBox(Held(state: state))
    }

    static func now() -> UInt64 { UInt64(max(0, Timestamp.now().microseconds / 1_000_000)) }

    /// A checkpoint with the cosignatures that are known of it.
    func decorated(_ note: SignedNote) -> SignedNote {
        guard let known = held.withLockedValue({ $0.state.known(note.text) }) else { return note }
        return known.note
    }

    /// The checkpoint that the witnesses vouch for: the largest that satisfies the policy, else what most have cosigned.
    func witnessed() -> SignedNote? { held.withLockedValue { $0.state.best?.note } }

    /// The same, if it satisfies the policy.
    var satisfied: CosignatureState.Cosigned? {
        held.withLockedValue { $0.state.best.flatMap { $0.isSatisfied ? $0 : nil } }
    }

    /// How old a cosignature a reader must accept, in seconds, to be shown ``satisfied``; 0 if there is none.
    ///
    /// - Complexity: O(*n*) verdicts in the witnesses that cosigned it.
    func age(now: UInt64 = now()) -> UInt64 {
        guard let policy, let note = satisfied?.note else { return 0 }
        let times = policy.verdict(on: note, now: now).entries.compactMap { entry -> UInt64? in
            if case .cosigned(let time) = entry.standing { now - min(now, time) } else { nil }
        }
        return times.sorted().first { policy.verdict(on: note, now: now, maximumAge: $0).isSatisfied } ?? 0
    }

    /// The checkpoint to cosign next. It stays the same for a while, though the log grows.
    func proposed(now: UInt64 = now()) throws(LogError) -> SignedNote {
        let latest = try log.checkpoint()
        guard policy != nil else { return latest }
        return held.withLockedValue { held in
            if let proposal = held.proposal, now < proposal.until,
                held.state.known(proposal.note.text)?.isSatisfied != true
            {
                return held.state.known(proposal.note.text)?.note ?? proposal.note
            }
            held.proposal = (latest, now + Self.proposalSeconds)
            return held.state.known(latest.text)?.note ?? latest
        }
    }

    /// Takes a checkpoint that witnesses have cosigned; durable on return.
    ///
    /// - Throws: ``Problem``: 404 if the ledger has no witnesses, 403 if none of them, or not the ledger, has signed it, 409 if
    ///   the ledger's key has signed another history.
    func take(_ text: String, now: UInt64 = now()) throws(Problem) -> CosignatureState.Cosigned {
        guard let policy else {
            throw Problem(
                404, "noWitnesses", "This ledger has no witnesses",
                "No policy over witnesses is set: the operator names it by the setting “witnesses”.")
        }
        let (note, checkpoint) = try own(text)
        let lines = note.signatures.filter { line in
            policy.witnesses.contains { witness in
                witness.verifier.cosignature(line, of: note.text).map { $0.time <= now + WitnessPolicy.clockSkew }
                    ?? false
            }
        }
        guard !lines.isEmpty else {
            throw Problem(
                403, "notCosigned", "No witness has cosigned it",
                "There is no cosignature that verifies, of a witness in this ledger's policy and of a time that is not to come."
            )
        }
        let result = held.withLockedValue { held -> Result<CosignatureState.Cosigned, LogError> in
            let known = held.state.known(note.text)
            let bare = note.keeping { $0.name == log.verifier.name && $0.id == log.verifier.id }
            do throws(LogError) {
                let all = try Self.adding(lines, to: known?.note ?? bare)
                guard let cosigned = CosignatureState.cosigned(all, checkpoint.size, log.verifier, policy) else {
                    throw LogError(.failed, "The cosignatures are lost.")
                }
                if cosigned.note == known?.note { return .success(cosigned) }
                var state = held.state
                state.take(cosigned)
                try DurableFile.makeFolder(DurableFile.folder(of: path))
                try DurableFile.write(state.bytes, to: path, mode: 0o600)
                held.state = state
                return .success(cosigned)
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let cosigned): return cosigned
        case .failure(let error): throw Problem(error)
        }
    }

    /// A checkpoint that this ledger has signed, and stands by.
    private func own(_ text: String) throws(Problem) -> (SignedNote, Checkpoint) {
        let (note, checkpoint): (SignedNote, Checkpoint)
        do throws(NoteError) {
            note = try SignedNote(text)
            checkpoint = try Checkpoint(note, verifiedBy: log.verifier)
        } catch {
            guard [.noSignature, .wrongSignature, .otherOrigin].contains(error.code) else {
                throw Problem(
                    400, "malformedCheckpoint", "The checkpoint is malformed",
                    "The body is the ledger's checkpoint with cosignatures under it: \(error.reason)")
            }
            throw Problem(403, "notThisLedger", "It is not this ledger's checkpoint", error.reason)
        }
        let root: MerkleHash?
        do throws(LogError) {
            root = try log.root(atSize: checkpoint.size)
        } catch {
            guard error.code == .positionBeyondHead else { throw Problem(error) }
            root = nil
        }
        guard root == checkpoint.root else {
            throw Problem(
                409, Self.otherHistory, "The ledger's key has signed another history",
                "The checkpoint of \(checkpoint.size) entries is signed with this ledger's key, and is not of its log. Keep it "
                    + "as evidence, and tell the agencies.",
                cause: "a cosigned checkpoint of \(checkpoint.size) entries is not of this log")
        }
        return (note, checkpoint)
    }

    private static func adding(
        _ lines: [SignedNote.Signature], to note: SignedNote
    ) throws(LogError) -> SignedNote {
        var all = note
        do throws(NoteError) {
            for line in lines { all = try all.adding(line) }
        } catch {
            throw LogError(.limitExceeded, error.reason)
        }
        return all
    }
}
