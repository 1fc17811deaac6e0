public import EventLog
internal import ExchangeProtocol
public import Transparency

/// A log whose tree was verified by what a server says of it.
public struct VerifiedTree: Sendable, Hashable {
    /// The checkpoint that it was held against: keep it for the next time.
    public let note: SignedNote
    public let checkpoint: Checkpoint
    /// The checkpoint from before that it was shown to continue.
    public let known: Checkpoint?
    /// The size that witnesses vouch for, if that was demanded.
    public internal(set) var witnessed: Position?
    /// How many tiles of hashes, and of entries.
    public internal(set) var tiles: UInt64 = 0
    public internal(set) var bundles: UInt64 = 0
}

extension ExchangeClient {
    /// Verifies the tree of a log, and trusts the server with nothing: the checkpoint is signed with the ledger's key and continues the
    /// one from before, the tiles of hashes lead up to its root, and each agrees with those below it.
    ///
    /// - Parameters:
    ///   - key: The ledger's public key, from someone else than the server.
    ///   - known: A checkpoint from before.
    ///   - includesEntries: Whether each entry is fetched and hashed, too. The server refuses it to who may not see every entry:
    ///     ``verified(_:key:known:_:)`` does so for anyone.
    ///   - progress: Is told how many entries of how many were gone through.
    /// - Throws: ``ClientError``: `.notVerified` if anything does not hold.
    /// - Complexity: O(*n*), a request for each 256 entries.
    public func verifyTree(
        key: NoteVerifier, known: SignedNote? = nil, includesEntries: Bool = false,
        progress: (_ done: Position, _ size: Position) -> Void = { _, _ in }
    ) async throws(ClientError) -> VerifiedTree {
        var tree = try await continued(key, known)
        tree.witnessed = try await demandWitnesses(of: tree.note, key)
        let size = tree.checkpoint.size
        var verifier = TileVerifier(size: size)
        while let path = verifier.next {
            let bytes = try await tile(path)
            let hashes: [MerkleHash]
            do throws(TileFault) {
                hashes = try verifier.take(bytes)
            } catch {
                throw ClientError(.notVerified, error.description)
            }
            tree.tiles += 1
            guard case .hashes(level: 0) = path.content else { continue }
            if includesEntries { try await verifyBundle(path, hashes, &tree) }
            progress(min(size, (path.index + 1) << UInt64(TilePath.height)), size)
        }
        guard verifier.root == tree.checkpoint.root else {
            throw ClientError(
                .notVerified,
                "The hashes of the \(size) entries do not lead up to the root of the checkpoint: the root is "
                    + "\(verifier.root.base64), and not \(tree.checkpoint.root.base64).")
        }
        return tree
    }

    /// The bytes of a tile, as they come (C2SP tlog-tiles).
    public func tile(_ path: TilePath) async throws(ClientError) -> [UInt8] {
        try await transport.collect(ClientRequest(path: path.description.split(separator: "/").map(String.init)))
    }

    /// The proof that the entry at a position is in the log, as it comes: nothing is verified yet.
    public func proof(at position: Position) async throws(ClientError) -> TransparencyProof {
        let bytes = try await transport.collect(ClientRequest(path: ["proofs", String(position)]))
        return try Self.note { () throws(NoteError) in try TransparencyProof(String(decoding: bytes, as: UTF8.self)) }
    }

    /// The proof that the log of a size is the beginning of what it is now, as it comes: nothing is verified yet.
    public func consistency(from size: Position) async throws(ClientError) -> ConsistencyProof {
        let bytes = try await transport.collect(
            ClientRequest(path: ["consistency"], parameters: [("from", String(size))]))
        return try Self.note { () throws(NoteError) in try ConsistencyProof(String(decoding: bytes, as: UTF8.self)) }
    }

    /// The checkpoint as it comes: nothing is verified yet.
    public func checkpoint() async throws(ClientError) -> SignedNote {
        let bytes = try await transport.collect(ClientRequest(path: ["checkpoint"]))
        return try Self.note { () throws(NoteError) in try SignedNote(String(decoding: bytes, as: UTF8.self)) }
    }

    // MARK: -

    /// The checkpoint of now, shown to continue one from before.
    private func continued(_ key: NoteVerifier, _ known: SignedNote?) async throws(ClientError) -> VerifiedTree {
        let note = try await latest(key: key)
        let size = try Self.size(of: note, key)
        guard let known else { return try Self.tree(note, key, nil) }
        let old = try Self.size(of: known, key)
        guard old <= size else {
            throw ClientError(
                .notVerified,
                "The server's log has \(size) entries, and the checkpoint from before is of \(old): it was rolled back."
            )
        }
        // The empty log is the beginning of every log.
        guard old > 0 else { return try Self.tree(note, key, known) }
        let proof = try await consistency(from: old)
        do throws(NoteError) {
            _ = try proof.verify(old: known, verifier: key)
        } catch {
            throw ClientError(.notVerified, error.reason)
        }
        return try Self.tree(proof.checkpoint ?? note, key, known)
    }

    private static func tree(
        _ note: SignedNote, _ key: NoteVerifier, _ known: SignedNote?
    ) throws(ClientError) -> VerifiedTree {
        do throws(NoteError) {
            let before = try known.map { note throws(NoteError) in try Checkpoint(note, verifiedBy: key) }
            return VerifiedTree(note: note, checkpoint: try Checkpoint(note, verifiedBy: key), known: before)
        } catch {
            throw ClientError(.notVerified, error.reason)
        }
    }

    /// Fetches the entries of a tile and holds them against its hashes.
    private func verifyBundle(
        _ path: TilePath, _ hashes: [MerkleHash], _ tree: inout VerifiedTree
    ) async throws(ClientError) {
        guard let bundle = TilePath(.entries, index: path.index, width: path.width) else { return }
        guard let leaves = TileVerifier.leaves(ofBundle: try await tile(bundle)), leaves == hashes else {
            throw ClientError(.notVerified, "\(bundle): Its entries are not those of the hashes in \(path).")
        }
        tree.bundles += 1
    }

    private static func note<Result>(_ body: () throws(NoteError) -> Result) throws(ClientError) -> Result {
        do throws(NoteError) {
            return try body()
        } catch {
            throw ClientError(.malformedAnswer, "The server's answer is not what it should be: \(error.reason)")
        }
    }
}
