internal import EventLog
public import Exchange
internal import ExchangeProtocol
internal import JSON
public import Transparency

extension ExchangeClient {
    /// Reads entries, and holds each against the ledger's key: that it is in the log, that what was disclosed is what was sealed,
    /// that all else is accounted for; and, if nothing but a range is asked for, that no position is missing. Nothing is believed
    /// of the server.
    ///
    /// - Parameters:
    ///   - selection: What; limits, fields and directions go as in a read.
    ///   - key: The ledger's public key, from someone else than the server.
    ///   - known: A checkpoint from before, of whose log this must be the continuation.
    ///   - visit: Each entry, once it is verified. That all are there is known when this returns.
    /// - Returns: What was verified, with the checkpoint that it was verified against: keep it for the next time.
    /// - Throws: ``ClientError``: `.notVerified` if anything does not hold; or what `visit` throws.
    public func verified(
        _ selection: ReadSelection, key: NoteVerifier, known: SignedNote? = nil,
        _ visit: (VerifiedEntry) async throws -> Void
    ) async throws -> VerifiedRead {
        try await verifiedLines(selection, key: key, known: known) { _, entry in
            if let entry { try await visit(entry) }
        }
    }

    /// The same, with the lines as they came.
    func verifiedLines(
        _ selection: ReadSelection, key: NoteVerifier, known: SignedNote? = nil,
        _ visit: (_ line: [UInt8], _ entry: VerifiedEntry?) async throws -> Void
    ) async throws -> VerifiedRead {
        var parameters = selection.parameters() + [("verifiable", "true"), ("proofs", "true")]
        if let known { parameters.append(("since", String(try Self.size(of: known, key)))) }
        let request = ClientRequest(path: ["events"], parameters: parameters)
        var verifier = ReadVerifier(key: key, known: known)
        var isFirst = true
        var lines = AnswerLines(
            try await transport.send(request), maximumBytes: VerifiableEntry.maximumLineBytes)
        while let line = try await lines.next() {
            guard !line.isEmpty else { continue }
            // What the server says instead of the rest is no line of a verifiable read.
            if let problem = Self.problem(in: line) { throw ClientError(problem) }
            let entry: VerifiedEntry?
            do throws(ReadVerificationError) {
                entry = try verifier.take(line)
            } catch {
                throw ClientError(.notVerified, error.description)
            }
            // The heading has the checkpoint: who demands witnesses is shown nothing before they vouch for it.
            if isFirst {
                isFirst = false
                if transport.settings.witnesses != nil {
                    guard let note = try? SignedNote(Self.parse(line)["checkpoint"]?.string ?? "") else {
                        throw ClientError(
                            .notWitnessed, "What was read has no checkpoint that witnesses could vouch for.")
                    }
                    try await demandWitnesses(of: note, key)
                }
            }
            try await visit(line, entry)
        }
        do throws(ReadVerificationError) {
            return try verifier.finish()
        } catch {
            throw ClientError(.notVerified, error.description)
        }
    }

    private static func problem(in line: [UInt8]) -> Problem? {
        guard line.starts(with: Array(#"{"problem":"#.utf8)) else { return nil }
        return (try? parse(line))?["problem"].flatMap { Problem($0) }
    }

    static func size(of note: SignedNote, _ key: NoteVerifier) throws(ClientError) -> UInt64 {
        do throws(NoteError) {
            return try Checkpoint(note, verifiedBy: key).size
        } catch {
            throw ClientError(
                .badState, "The checkpoint from before is not signed with the key \(key.name): \(error.reason)")
        }
    }
}
