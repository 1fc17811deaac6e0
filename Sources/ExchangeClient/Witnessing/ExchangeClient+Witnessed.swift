internal import EventLog
internal import ExchangeProtocol
public import Transparency

extension ExchangeClient {
    /// The checkpoint that the ledger's witnesses vouch for, held against the policy of ``ClientSettings/witnesses``.
    ///
    /// - Parameter key: The ledger's public key.
    /// - Throws: ``ClientError``: `.notWitnessed` if too few have cosigned, or too long ago; `.notVerified` if the ledger's key
    ///   has not signed it; `.invalidSettings` if no policy was set.
    public func witnessedCheckpoint(key: NoteVerifier) async throws(ClientError) -> SignedNote {
        guard let demand = transport.settings.witnesses else {
            throw ClientError(.invalidSettings, "Which witnesses? The settings have no policy.")
        }
        guard demand.policy.accepts(key) else {
            throw ClientError(.invalidSettings, "The policy over witnesses names logs, and not \(key.name).")
        }
        let note: SignedNote
        do throws(ClientError) {
            note = try await self.note(["checkpoint", "witnessed"])
        } catch {
            guard error.problem?.status == 404 else { throw error }
            throw ClientError(.notWitnessed, Self.unwitnessed("The server has no cosigned checkpoint."))
        }
        do throws(NoteError) {
            _ = try Checkpoint(note, verifiedBy: key)
        } catch {
            throw ClientError(
                .notVerified, "The witnessed checkpoint is not signed with the key \(key.name): \(error.reason)")
        }
        let verdict = demand.policy.verdict(on: note, now: Self.now(), maximumAge: demand.maximumAge)
        guard verdict.isSatisfied else { throw ClientError(.notWitnessed, Self.unwitnessed(verdict.reason)) }
        return note
    }

    private static func unwitnessed(_ reason: String) -> String {
        "\(reason) Ask the witnesses whether they still follow this ledger, and believe nothing that it shows meanwhile."
    }

    static func now() -> UInt64 { UInt64(max(0, Timestamp.now().microseconds / 1_000_000)) }

    /// Holds a checkpoint against what the witnesses vouch for, if the settings demand it: one continues the other.
    ///
    /// - Returns: The size that is vouched for; nil if it is not demanded.
    @discardableResult
    func demandWitnesses(of note: SignedNote, _ key: NoteVerifier) async throws(ClientError) -> UInt64? {
        guard transport.settings.witnesses != nil else { return nil }
        let witnessed = try await witnessedCheckpoint(key: key)
        try await demandOneHistory(witnessed, note, key)
        return try Self.size(of: witnessed, key)
    }

    /// Verifies that of two checkpoints the larger continues the smaller.
    func demandOneHistory(
        _ one: SignedNote, _ other: SignedNote, _ key: NoteVerifier
    ) async throws(ClientError) {
        let sizes = (try Self.size(of: one, key), try Self.size(of: other, key))
        let (old, new) = sizes.0 <= sizes.1 ? (one, other) : (other, one)
        let (from, to) = (min(sizes.0, sizes.1), max(sizes.0, sizes.1))
        let hashes = from == 0 || from == to ? [] : try await consistency(from: from, to: to).hashes
        do throws(NoteError) {
            _ = try ConsistencyProof(oldSize: from, hashes: hashes, checkpoint: nil)
                .verify(old: old, new: new, verifier: key)
        } catch {
            throw ClientError(
                .notVerified,
                "The server shows another history than the one that was cosigned. Keep both checkpoints: \(error.reason)"
            )
        }
    }

    /// The proof that the log of a size begins that of another, as it comes: nothing is verified yet.
    func consistency(from old: UInt64, to new: UInt64) async throws(ClientError) -> ConsistencyProof {
        let bytes = try await transport.collect(
            ClientRequest(path: ["consistency"], parameters: [("from", String(old)), ("to", String(new))]))
        do throws(NoteError) {
            return try ConsistencyProof(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ClientError(.malformedAnswer, "The server's answer is not what it should be: \(error.reason)")
        }
    }

    /// A note that the server answers; nothing is verified yet.
    func note(_ path: [String]) async throws(ClientError) -> SignedNote {
        let bytes = try await transport.collect(ClientRequest(path: path))
        do throws(NoteError) {
            return try SignedNote(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ClientError(.malformedAnswer, "The server's answer is not what it should be: \(error.reason)")
        }
    }
}
