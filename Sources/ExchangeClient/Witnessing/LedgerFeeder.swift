internal import EventLog
internal import ExchangeProtocol
public import Transparency

/// Brings a ledger's checkpoints to witnesses that wait to be asked (C2SP tlog-witness), and their cosignatures back. It needs
/// no key and nobody's trust: what it carries is signed by others.
public struct LedgerFeeder: Sendable {
    /// A witness that answers `add-checkpoint`.
    private struct Fed: Sendable {
        let name: String
        let verifier: CosignatureVerifier
        let client: ExchangeClient
    }

    /// What became of one witness in a round.
    public enum Outcome: Sendable, Hashable {
        /// It cosigned, and the ledger has it.
        case cosigned
        /// It had cosigned this checkpoint not long ago.
        case fresh
        /// It has cosigned a larger one already.
        case ahead(UInt64)
        /// It does not cosign: the status of its answer, and what it says.
        case refused(Int, String)
        /// It could not be asked, or the ledger did not take what it answered.
        case failed(ClientError)
    }

    /// How old a cosignature may be before it is asked for anew, in seconds.
    public static let refreshSeconds: UInt64 = 600
    /// The most bytes of an answer that are told.
    private static let toldBytes = 512

    private let client: ExchangeClient
    private let key: NoteVerifier
    private let witnesses: [Fed]

    /// - Parameters:
    ///   - client: Calls the ledger's server.
    ///   - key: The ledger's public key.
    ///   - policy: Those of its witnesses that have an address are fed.
    ///   - settings: Of the calls to a witness, by its address.
    /// - Throws: ``ClientError`` with code `.invalidSettings` if a witness's address is none, or none has one.
    public init(
        _ client: ExchangeClient, key: NoteVerifier, policy: WitnessPolicy,
        settings: (_ url: String) -> ClientSettings = { ClientSettings(url: $0) }
    ) throws(ClientError) {
        (self.client, self.key) = (client, key)
        var found: [Fed] = []
        for witness in policy.witnesses {
            guard let url = witness.url else { continue }
            found.append(Fed(name: witness.name, verifier: witness.verifier, client: try ExchangeClient(settings(url))))
        }
        guard !found.isEmpty else {
            throw ClientError(.invalidSettings, "No witness of the policy has an address. Write it after its key.")
        }
        witnesses = found
    }

    /// Closes the connections to the witnesses.
    public func close() async { for witness in witnesses { await witness.client.close() } }

    /// Brings the proposed checkpoint to each witness.
    ///
    /// - Returns: The checkpoint's size, and what became of each, in the order of the policy.
    /// - Throws: ``ClientError`` if the ledger's server cannot be asked, or its checkpoint is not signed with its key.
    public func round() async throws(ClientError) -> (size: UInt64, outcomes: [(name: String, outcome: Outcome)]) {
        let note = try await client.note(["checkpoint", "proposed"])
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try Checkpoint(note, verifiedBy: key)
        } catch {
            throw ClientError(.notVerified, "The checkpoint is not signed with the key \(key.name): \(error.reason)")
        }
        // One that does not answer holds up no other.
        let outcomes = await withTaskGroup(of: (Int, Outcome).self) { group in
            for (place, witness) in witnesses.enumerated() {
                group.addTask { (place, await outcome(of: note, checkpoint.size, witness)) }
            }
            return await group.reduce(into: [Int: Outcome]()) { $0[$1.0] = $1.1 }
        }
        return (
            checkpoint.size,
            witnesses.enumerated().compactMap { place, witness in outcomes[place].map { (witness.name, $0) } }
        )
    }

    private func outcome(of note: SignedNote, _ size: UInt64, _ witness: Fed) async -> Outcome {
        let now = ExchangeClient.now()
        if let newest = witness.verifier.cosignatures(in: note).sound.first,
            now - min(now, newest.time) < Self.refreshSeconds
        {
            return .fresh
        }
        do throws(ClientError) {
            return try await feed(note, size, to: witness)
        } catch {
            return .failed(error)
        }
    }

    private func feed(_ note: SignedNote, _ size: UInt64, to witness: Fed) async throws(ClientError) -> Outcome {
        // A witness that is asked from the wrong size says the right one.
        var old: UInt64 = 0
        for _ in 0..<3 {
            let hashes = old == 0 || old == size ? [] : try await client.consistency(from: old, to: size).hashes
            let body = ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: note).description
            let answer = try await witness.client.transport.exchange(
                ClientRequest(
                    method: "POST", path: ["add-checkpoint"], headers: [("Content-Type", "text/plain; charset=utf-8")],
                    body: Array(body.utf8)))
            let text = String(decoding: answer.bytes, as: UTF8.self)
            switch answer.status {
            case 200: return try await take(text, note, witness)
            case 409 where answer.type?.hasPrefix("text/x.tlog.size") == true:
                guard let known = UInt64(text.prefix { $0 != "\n" }), known != old else {
                    return .refused(409, "It knows another checkpoint of \(old) entries.")
                }
                guard known <= size else { return .ahead(known) }
                old = known
            default: return .refused(answer.status, String(text.prefix(Self.toldBytes)))
            }
        }
        return .refused(409, "It was asked from each size that it said, and says another.")
    }

    /// Hands in what a witness answered, if it is its cosignature.
    private func take(_ text: String, _ note: SignedNote, _ witness: Fed) async throws(ClientError) -> Outcome {
        let bare = note.keeping { $0.name == key.name && $0.id == key.id }
        do throws(NoteError) {
            guard text.utf8.count <= 16 << 10 else { throw NoteError(.malformedNote, "The answer is too long.") }
            let answered = try SignedNote(bare.description + text)
            let lines = answered.signatures.filter { witness.verifier.cosignature($0, of: note.text) != nil }
            guard let line = lines.first else { return .refused(200, "It answered no cosignature of its key.") }
            let cosigned = try bare.adding(line)
            do throws(ClientError) {
                try await client.handIn(cosigned)
            } catch {
                return .failed(error)
            }
            return .cosigned
        } catch {
            return .refused(200, "It answered no cosignature: \(error.reason)")
        }
    }
}
