internal import EventLog
internal import JSON
internal import Transparency

/// What a witness's folder holds, as the file `state.json` says it.
struct WitnessState {
    static let format: Int64 = 1

    let verifier: CosignatureVerifier
    var witness: Witness

    init(_ verifier: CosignatureVerifier, _ witness: Witness = Witness()) {
        (self.verifier, self.witness) = (verifier, witness)
    }

    /// Reads it.
    ///
    /// - Throws: ``LogError`` with code `.corrupted` for whatever is not as it was written: a witness that begins anew because its
    ///   file is damaged could be made to cosign a second history.
    init(_ bytes: [UInt8], at path: String) throws(LogError) {
        guard let root = try? JSONDocument(parsing: bytes).root, let format = root["format"]?.integer else {
            throw Self.damaged(path, "It is not JSON.")
        }
        guard format == Self.format else {
            throw LogError(.newerFormat, "\(path) has the format \(format); this program knows \(Self.format).")
        }
        var found = Witness()
        do throws(NoteError) {
            verifier = try CosignatureVerifier(root["witness"]?.string ?? "")
            for element in root["logs"]?.elements ?? [] {
                let key = try NoteVerifier(element["key"]?.string ?? "")
                guard found.log(key.name) == nil else { throw NoteError(.malformedKey, "A log is there twice.") }
                let log =
                    if let text = element["checkpoint"]?.string {
                        try WitnessedLog(key, note: SignedNote(text))
                    } else {
                        WitnessedLog(key)
                    }
                do throws(WitnessRefusal) {
                    try found.record(log)
                } catch {
                    throw NoteError(.malformedNote, error.reason)
                }
            }
        } catch {
            throw Self.damaged(path, error.reason)
        }
        guard root["logs"]?.kind == .array, root["logs"]?.elements.count == found.logs.count else {
            throw Self.damaged(path, "It lists no logs.")
        }
        witness = found
    }

    private static func damaged(_ path: String, _ reason: String) -> LogError {
        LogError(
            .corrupted,
            "\(path) is damaged: \(reason) Do not begin anew under the same key: make a witness with a new one.")
    }

    var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("format", Self.format)
            json.member("witness", verifier.description)
            json.key("logs")
            json.array { json in
                for log in witness.logs {
                    json.object { json in
                        json.member("key", log.key.description)
                        if let note = log.note { json.member("checkpoint", note.description) }
                    }
                }
            }
        }
        json.endLine()
        return json.bytes
    }
}
