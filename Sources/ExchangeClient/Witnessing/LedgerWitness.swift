internal import EventLog
internal import ExchangeProtocol
public import Transparency
public import Witnessing

/// A witness that looks at a ledger by itself: it fetches what the ledger's server proposes, has it proved to continue what
/// it cosigned, compares with what other witnesses saw, cosigns, and hands the cosignature to the server.
public struct LedgerWitness: Sendable {
    private let client: ExchangeClient
    private let folder: WitnessFolder
    private let key: NoteVerifier
    private let peers: [(url: String, client: ExchangeClient)]

    /// - Parameters:
    ///   - client: Calls the ledger's server.
    ///   - key: The ledger's public key.
    ///   - peers: Call other witnesses, by their addresses.
    public init(
        _ client: ExchangeClient, _ folder: WitnessFolder, key: NoteVerifier,
        peers: [(url: String, client: ExchangeClient)] = []
    ) {
        (self.client, self.folder, self.key, self.peers) = (client, folder, key, peers)
    }

    /// Why a round ends early.
    private enum Stop: Error {
        case contradiction(WitnessEvidence, String)
        case client(ClientError)
        case fault(WitnessFault)
    }

    /// Looks at the ledger once.
    ///
    /// - Throws: ``ClientError`` if the server cannot be asked, or gives something else than it should; ``WitnessFault`` if the
    ///   witness cannot keep what it knows.
    public func round() async throws -> WitnessRound {
        try folder.follow(key)
        // First what others saw: the server cannot have had less since.
        let (others, unheard) = await asked()
        let note = try await proposed()
        let checkpoint = try verified(note)
        let time = ExchangeClient.now()
        func round(_ outcome: WitnessRound.Outcome, _ undelivered: ClientError? = nil) -> WitnessRound {
            WitnessRound(
                outcome: outcome, size: checkpoint.size, time: time, undelivered: undelivered, unheard: unheard)
        }
        do throws(Stop) {
            let known = folder.log(key.name)
            if checkpoint.size < known?.size ?? 0, let old = known?.note {
                try await compare([old, note] + others)
                return round(.nothingNew)
            }
            if !others.isEmpty { try await compare([note] + others) }
            let cosigned = try await cosign(note, checkpoint, known, time)
            do throws(ClientError) {
                try await client.handIn(cosigned)
                return round(.cosigned)
            } catch {
                return round(.cosigned, error)
            }
        } catch {
            switch error {
            case .client(let error): throw error
            case .fault(let fault): throw fault
            case .contradiction(let evidence, let reason):
                let finding = (try? evidence.verify(key)) ?? .unproven
                do throws(WitnessFault) {
                    return round(.contradiction(finding, file: try folder.keep(evidence), reason: reason))
                } catch {
                    // What was found is told all the same.
                    return round(
                        .contradiction(
                            finding, file: nil, reason: "\(reason) It could not be kept (\(error)): \(evidence)"))
                }
            }
        }
    }

    // MARK: Asking

    /// What the server proposes; the latest checkpoint of one that proposes nothing.
    private func proposed() async throws(ClientError) -> SignedNote {
        do throws(ClientError) {
            return try await client.note(["checkpoint", "proposed"])
        } catch {
            guard error.problem?.status == 404 else { throw error }
            return try await client.checkpoint()
        }
    }

    /// What the peers saw, and whom of them nobody heard.
    private func asked() async -> (others: [SignedNote], unheard: [String]) {
        await withTaskGroup(of: (url: String, seen: Result<SignedNote, ClientError>).self) { group in
            for peer in peers {
                group.addTask {
                    do throws(ClientError) {
                        return (peer.url, .success(try await seen(by: peer.client)))
                    } catch {
                        return (peer.url, .failure(error))
                    }
                }
            }
            var (others, unheard) = ([SignedNote](), [String]())
            for await (url, seen) in group {
                switch seen {
                case .success(let note): others.append(note)
                // It does not know the log yet.
                case .failure(let error) where error.problem?.status == 404: break
                case .failure(let error): unheard.append("\(url): \(error.reason)")
                }
            }
            return (others, unheard.sorted())
        }
    }

    private func seen(by peer: ExchangeClient) async throws(ClientError) -> SignedNote {
        let note = try await peer.note([WitnessedLog.pathName(of: key.name), "checkpoint"])
        // A witness that makes things up proves nothing.
        _ = try verified(note)
        return note
    }

    private func verified(_ note: SignedNote) throws(ClientError) -> Checkpoint {
        do throws(NoteError) {
            return try Checkpoint(note, verifiedBy: key)
        } catch {
            throw ClientError(.notVerified, "The checkpoint is not signed with the key \(key.name): \(error.reason)")
        }
    }

    // MARK: Comparing

    /// Holds checkpoints against each other: two of one size have one root, and the server's log of now continues each.
    private func compare(_ notes: [SignedNote]) async throws(Stop) {
        for (place, one) in notes.enumerated() {
            for other in notes[(place + 1)...] where try size(one) == size(other) {
                let evidence = WitnessEvidence(first: one, second: other)
                guard (try? evidence.verify(key)) == .forked else { continue }
                throw .contradiction(
                    evidence, "The ledger has signed two roots for its first \(try size(one)) entries.")
            }
        }
        let head: SignedNote
        do throws(ClientError) {
            head = try await client.checkpoint()
        } catch {
            throw .client(error)
        }
        let newest = try size(head)
        for note in notes { try await compare(note, with: head, newest) }
    }

    private func compare(_ note: SignedNote, with head: SignedNote, _ newest: UInt64) async throws(Stop) {
        let old = try size(note)
        guard old > 0 else { return }
        guard old <= newest else {
            throw .contradiction(
                WitnessEvidence(first: note, second: head),
                "The server has \(newest) entries, and the ledger had signed \(old) before: it was rolled back.")
        }
        let hashes = try await proof(old, newest)
        do throws(NoteError) {
            _ = try ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: nil)
                .verify(old: note, new: head, verifier: key)
        } catch {
            throw .contradiction(try await proving(note, head, hashes), error.reason)
        }
    }

    private func size(_ note: SignedNote) throws(Stop) -> UInt64 {
        do throws(ClientError) {
            return try verified(note).size
        } catch {
            throw .client(error)
        }
    }

    /// The server's hashes; none where it has no proof.
    private func proof(_ old: UInt64, _ new: UInt64) async throws(Stop) -> [MerkleHash] {
        guard old > 0, old < new else { return [] }
        do throws(ClientError) {
            return try await client.consistency(from: old, to: new).hashes
        } catch {
            throw .client(error)
        }
    }

    /// Evidence with what the server's log has in place of the entries of the first, as far as it tells.
    private func proving(
        _ first: SignedNote, _ second: SignedNote, _ hashes: [MerkleHash]
    ) async throws(Stop) -> WitnessEvidence {
        let bare = WitnessEvidence(first: first, second: second)
        guard let old = try? Checkpoint(first, verifiedBy: key), let new = try? Checkpoint(second, verifiedBy: key)
        else { return bare }
        if let found = bare.proved(by: hashes, old, new) { return found }
        // The root of a power of two is in the tiles, and not in the proof.
        guard old.size.nonzeroBitCount == 1, let root = try? await perfectRoot(old.size.trailingZeroBitCount, new.size)
        else { return bare }
        let evidence = WitnessEvidence(first: first, second: second, beginning: .init(root: root, proof: hashes))
        return (try? evidence.verify(key)) == .forked ? evidence : bare
    }

    /// The root of the first 2^level entries of the server's log. Nothing of it is verified.
    private func perfectRoot(_ level: Int, _ size: UInt64) async throws(ClientError) -> MerkleHash? {
        let row = level / TilePath.height
        let width = Int(min(size >> UInt64(row * TilePath.height), UInt64(TilePath.fullWidth)))
        let count = 1 << (level % TilePath.height)
        guard width >= count, let path = TilePath(.hashes(level: row), index: 0, width: width) else { return nil }
        let bytes = try await client.tile(path)
        guard bytes.count == width * 32 else { return nil }
        var hashes = (0..<count).compactMap { MerkleHash(bytes[$0 * 32..<$0 * 32 + 32].span) }
        while hashes.count > 1 {
            hashes = stride(from: 0, to: hashes.count, by: 2).map { MerkleHash.node(hashes[$0], hashes[$0 + 1]) }
        }
        return hashes.first
    }

    // MARK: Cosigning

    private func cosign(
        _ note: SignedNote, _ checkpoint: Checkpoint, _ known: WitnessedLog?, _ time: UInt64
    ) async throws(Stop) -> SignedNote {
        let old = known?.size ?? 0
        let hashes = try await proof(old, checkpoint.size)
        let body = ConsistencyProof(oldSize: old, hashes: hashes, checkpoint: note).description
        do throws(WitnessFault) {
            return try folder.cosign(body, at: time)
        } catch {
            guard case .refused(let refusal) = error, let first = known?.note,
                [.forked, .notProved].contains(refusal.code)
            else { throw .fault(error) }
            if let evidence = refusal.evidence { throw .contradiction(evidence, refusal.reason) }
            throw .contradiction(try await proving(first, note, hashes), refusal.reason)
        }
    }
}

extension ExchangeClient {
    /// Hands a cosigned checkpoint to the ledger's server.
    func handIn(_ note: SignedNote) async throws(ClientError) {
        _ = try await transport.collect(
            ClientRequest(
                method: "POST", path: ["checkpoint", "cosignatures"],
                headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(note.description.utf8)))
    }
}
