internal import Crypto
internal import EventLog
internal import JSON
internal import Transparency

/// The first line of a snapshot: what it is of and what it holds, signed.
///
/// One line of JSON, exactly these members in this order, no white space:
///
/// ```text
/// {"snapshot":{"format":2,"kind":K,…,"origin":O,"verifier":V,"size":N,"root":R,"checkpoint":C,"created":T,
///  "frameBytes":F},"note":S}
/// ```
///
/// * K and what follows it: ``SnapshotContents``.
/// * O: the ledger's name; V: its key as `name+id+key`, with O as its name.
/// * N: how many entries the log has; R: base64 of the root of their tree; C: the ledger's checkpoint, a signed note over
///   O, N and R.
/// * T: when the snapshot was begun, `2026-03-01T08:15:30.123456Z`.
/// * F: how long the contents of its frames are, about.
/// * S: a signed note by V's key, with one signature, whose text is three lines: O, ``context``, and base64 of the
///   SHA-256 of the canonical form (RFC 8785) of the object under `snapshot`.
///
/// The checkpoint vouches for the entries alone. What the snapshot is, the ledger vouches for by S, and for what else is in it
/// at its end (``SnapshotEnd``). The second line of S's text is no number, so S is never a checkpoint, nor a checkpoint an S.
struct SnapshotManifest: Hashable, Sendable {
    static let format: Int64 = 2
    static let context = "sanhu/snapshot/v2"
    static let opening = Array("{\"snapshot\":{".utf8)
    /// The most that is counted: integers that every reader of JSON takes.
    static let maximumCount: UInt64 = 1 << 53 - 1

    let contents: SnapshotContents
    let verifier: NoteVerifier
    /// The checkpoint as it was signed, and what it says.
    let note: SignedNote
    let checkpoint: Checkpoint
    let created: Timestamp
    let frameBytes: Int

    /// The object under `snapshot`.
    private var object: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.object { writer in
            writer.member("format", Self.format)
            writer.member("kind", contents.kind)
            contents.write(to: &writer)
            writer.member("origin", verifier.name)
            writer.member("verifier", verifier.description)
            writer.member("size", Int64(checkpoint.size))
            writer.member("root", checkpoint.root.base64)
            writer.member("checkpoint", note.description)
            writer.member("created", created.description)
            writer.member("frameBytes", Int64(frameBytes))
        }
        return writer.bytes
    }

    /// Base64 of the SHA-256 of the canonical form of the object under `snapshot`.
    func hash() throws(SnapshotError) -> String {
        do throws(JSONError) {
            let canonical = JSONCanonicalForm.bytes(of: try JSONDocument(parsing: object).root)
            return Base64.encode(Array(SHA256.hash(data: canonical)))
        } catch {
            throw SnapshotError(.tooLarge, "The manifest cannot be written: \(error).")
        }
    }

    /// The text to sign.
    private func text() throws(SnapshotError) -> String { "\(verifier.name)\n\(Self.context)\n\(try hash())\n" }

    /// The line, with its newline, signed.
    func line(signedBy signer: NoteSigner) throws(SnapshotError) -> [UInt8] {
        let text = try text()
        do throws(NoteError) {
            return line(note: try signer.sign(text))
        } catch {
            throw SnapshotError(.wrongKey, "The manifest could not be signed: \(error).")
        }
    }

    private func line(note: SignedNote) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 2048)
        writer.object { writer in
            writer.key("snapshot")
            writer.raw(object)
            writer.member("note", note.description)
        }
        writer.endLine()
        return writer.bytes
    }
}

extension SnapshotManifest {
    init(
        _ contents: SnapshotContents, note: SignedNote, verifier: NoteVerifier, created: Timestamp, frameBytes: Int
    ) throws(NoteError) {
        self.contents = contents
        self.verifier = verifier
        self.note = note
        checkpoint = try Checkpoint(note, verifiedBy: verifier)
        self.created = created
        self.frameBytes = frameBytes
    }

    /// Reads and verifies the first line of a snapshot, given without its newline.
    ///
    /// - Parameter expected: The key that must have signed it; nil takes the key that it names.
    /// - Throws: ``SnapshotError``: `.notASnapshot`, `.newerFormat`, `.wrongLedger` or `.changed`.
    init(line: [UInt8], expected: NoteVerifier?) throws(SnapshotError) {
        guard line.starts(with: Self.opening) else {
            throw SnapshotError(
                .notASnapshot, "The file is compressed by Zstandard but is no snapshot: its first line is no manifest.")
        }
        guard let root = try? JSONDocument(parsing: line).root, let object = root["snapshot"] else {
            throw Self.changed("is not the JSON it was")
        }
        guard let format = object["format"]?.integer else { throw Self.changed("states no format") }
        guard format <= Self.format else {
            throw SnapshotError(
                .newerFormat,
                "The snapshot has format \(format); this program knows format \(Self.format). Use a newer one.")
        }
        guard format == Self.format else {
            throw SnapshotError(
                .olderFormat,
                "The snapshot has format \(format), which this program no longer reads; it knows format \(Self.format). "
                    + "Import it with the version that made it, and export it again.")
        }
        guard let key = object["verifier"]?.string, let verifier = try? NoteVerifier(key) else {
            throw Self.changed("names no key")
        }
        if let expected, expected != verifier {
            throw SnapshotError(
                .wrongLedger,
                "The snapshot is of the ledger “\(verifier.name)” with the key \(verifier), not of “\(expected.name)” "
                    + "with the key \(expected).")
        }
        guard let contents = object["kind"]?.string.flatMap({ SnapshotContents(kind: $0, object) }) else {
            throw Self.changed("states a kind that there is none of, or one without what belongs to it")
        }
        guard let size = object["size"]?.integer, let rootHash = object["root"]?.string,
            let checkpointText = object["checkpoint"]?.string, let checkpoint = try? SignedNote(checkpointText),
            let time = object["created"]?.string, let created = Timestamp(time),
            let count = object["frameBytes"]?.integer, let frameBytes = Int(exactly: count),
            let noteText = root["note"]?.string, let note = try? SignedNote(noteText)
        else { throw Self.changed("lacks a member, or holds one that is none") }
        do throws(NoteError) {
            try self.init(contents, note: checkpoint, verifier: verifier, created: created, frameBytes: frameBytes)
            try note.verify(verifier)
        } catch {
            throw Self.changed("does not hold: \(error.reason)")
        }
        guard Int64(exactly: self.checkpoint.size) == size, self.checkpoint.root.base64 == rootHash else {
            throw Self.changed("states another size or root than its checkpoint")
        }
        guard note.signatures.count == 1, note.text == (try text()) else {
            throw Self.changed("is not what its signature is over")
        }
        guard self.line(note: note).dropLast() == line[...] else {
            throw Self.changed("is not written as it was signed")
        }
    }

    private static func changed(_ what: String) -> SnapshotError {
        SnapshotError(.changed, "The manifest in line 1 \(what). Get the snapshot again from where it was made.")
    }
}
