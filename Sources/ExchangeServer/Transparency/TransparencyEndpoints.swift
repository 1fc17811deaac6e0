internal import EventLog
internal import Exchange
internal import ExchangeProtocol
internal import HTTPTypes
internal import JSON
internal import Transparency
internal import Views

/// What lets anyone verify the log: checkpoint and tiles (C2SP tlog-tiles), and proofs.
///
/// Checkpoint and hash tiles are open to all: they tell how many entries there are and nothing of them. Entry bundles are
/// for readers who may see every entry in them.
struct TransparencyEndpoints: Sendable {
    let ledger: ExchangeLedger
    let book: CosignatureBook
    /// The most bytes of a checkpoint with cosignatures.
    private static let noteBytes = 32 << 10

    func checkpoint(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        return Self.answer(book.decorated(try Self.log { () throws(LogError) in try ledger.log.checkpoint() }))
    }

    /// `GET /checkpoint/witnessed`: the latest checkpoint that enough witnesses have cosigned.
    func witnessed(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        guard let note = book.witnessed() else {
            throw Problem(
                404, "notWitnessed", "No checkpoint is cosigned",
                book.policy == nil
                    ? "This ledger has no witnesses: the operator names them by the setting “witnesses”."
                    : "No witness has cosigned a checkpoint yet. Ask again when one has, or ask the witnesses.")
        }
        return Self.answer(note)
    }

    /// `GET /checkpoint/proposed`: what witnesses should cosign next.
    func proposed(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        return Self.answer(try Self.log { () throws(LogError) in try book.proposed() })
    }

    /// `POST /checkpoint/cosignatures`: a checkpoint of this ledger with the cosignatures of its witnesses.
    func cosign(_ call: Call) async throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        let body = try await call.collect(upTo: Self.noteBytes)
        guard let text = String(validating: body, as: UTF8.self) else {
            throw Problem(400, "malformedCheckpoint", "The checkpoint is malformed", "The body is not UTF-8.")
        }
        // It verifies, and waits for the disk.
        let taken = await offLoop { () -> Result<CosignatureState.Cosigned, Problem> in
            do throws(Problem) {
                return .success(try book.take(text))
            } catch {
                return .failure(error)
            }
        }
        let cosigned = try taken.get()
        return .json { json in
            json.object { json in
                json.key("size")
                json.raw(String(cosigned.size).utf8)
                json.member("witnesses", Int64(cosigned.count))
                json.key("satisfied")
                json.bool(cosigned.isSatisfied)
            }
        }
    }

    private static func answer(_ note: SignedNote) -> Answer {
        var answer = Answer(.ok, MediaType.text, .bytes(Array(note.description.utf8)))
        answer.headers[.cacheControl] = "no-cache"
        return answer
    }

    /// A tile, by the path that the specification gives it.
    func tile(_ call: Call) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        guard let path = TilePath(call.path.joined(separator: "/")) else {
            throw Problem(
                404, "unknownTile", "There is no such tile",
                "The path is none that tlog-tiles gives a tile: tile/0/x001/234 or tile/entries/000.p/17.")
        }
        let isEntries = path.content == .entries
        if isEntries {
            // Beyond what any log has, an index would not fit.
            let from = min(path.index, 1 << 48) * Position(TilePath.fullWidth)
            let to = from + Position(path.width)
            let reader = Reader(member: try call.caller.member(), role: call.caller.role, purpose: nil, caseName: nil)
            do throws(ExchangeError) {
                let head = try ledger.currentHead()
                try ledger.checkSeesEverything(reader, in: min(from, head)..<min(to, head))
            } catch {
                throw Problem(error)
            }
        }
        let bytes = try Self.log { () throws(LogError) in try ledger.log.tile(path) }
        var answer = Answer(.ok, MediaType.bytes, .bytes(bytes))
        // A tile never changes; that of entries is not for caches that others share.
        answer.headers[.cacheControl] =
            isEntries ? "private, max-age=31536000, immutable" : "public, max-age=31536000, immutable"
        return answer
    }

    /// `GET /proofs/41`: the proof that the entry at a position is in the log (C2SP tlog-proof).
    func proof(_ call: Call, at text: String) throws(Problem) -> Answer {
        let parameters = try call.parameters()
        try parameters.end()
        guard let position = Position(text) else { throw RequestParameters.bad("A position is a whole number.") }
        let proof = try Self.log { () throws(LogError) in try ledger.log.proof(at: position) }
        return Answer(.ok, MediaType.text, .bytes(Array(proof.description.utf8)))
    }

    /// `GET /consistency?from=41`: the proof that the log of a size is the beginning of what it is now, as C2SP witnesses
    /// take it; with `to`, of what it was at another size, without a checkpoint.
    func consistency(_ call: Call) throws(Problem) -> Answer {
        var parameters = try call.parameters()
        guard let old = try parameters.number("from", 1...RequestParameters.maximumNumber) else {
            throw RequestParameters.bad("“from” is the size of the log that you know.")
        }
        let new = try parameters.number("to", 1...RequestParameters.maximumNumber)
        try parameters.end()
        if let new, old > new { throw RequestParameters.bad("“from” is at most “to”.") }
        let proof = try Self.log { () throws(LogError) -> ConsistencyProof in
            if let new {
                return ConsistencyProof(
                    oldSize: old, hashes: try ledger.log.consistencyProof(from: old, to: new), checkpoint: nil)
            }
            let note = try ledger.log.checkpoint()
            let size = try Self.size(of: note)
            return ConsistencyProof(
                oldSize: old, hashes: try ledger.log.consistencyProof(from: old, to: size), checkpoint: note)
        }
        return Answer(.ok, MediaType.text, .bytes(Array(proof.description.utf8)))
    }

    private static func size(of note: SignedNote) throws(LogError) -> Position {
        do throws(NoteError) {
            return try Checkpoint(note.text).size
        } catch {
            throw LogError(.corrupted, "The log's checkpoint is damaged: \(error)")
        }
    }

    private static func log<Result>(_ body: () throws(LogError) -> Result) throws(Problem) -> Result {
        do throws(LogError) {
            return try body()
        } catch {
            throw Problem(error)
        }
    }
}
