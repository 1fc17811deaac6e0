internal import EventLog
internal import JSON
internal import Transparency

/// The last line of a snapshot: the checkpoint, and what vouches for all that is no entry.
///
/// ```text
/// {"checkpoint":C,"beside":{"count":M,"root":H},"note":E}
/// ```
///
/// * C: as in the manifest.
/// * M: how many things there are beside the entries; H: base64 of the RFC 6962 root of the tree of them (``BesideTree``).
/// * E: a signed note by the ledger's key, with one signature, whose text is five lines: the ledger's name, ``context``, the
///   hash in the manifest's note, M, H.
struct SnapshotEnd: Hashable, Sendable {
    static let context = "sanhu/snapshot-end/v2"
    static let opening = Array("{\"checkpoint\":".utf8)

    let count: UInt64
    let root: MerkleHash

    private func text(_ manifest: SnapshotManifest) throws(SnapshotError) -> String {
        "\(manifest.verifier.name)\n\(Self.context)\n\(try manifest.hash())\n\(count)\n\(root.base64)\n"
    }

    /// The line, with its newline, signed.
    func line(of manifest: SnapshotManifest, signedBy signer: NoteSigner) throws(SnapshotError) -> [UInt8] {
        let text = try text(manifest)
        do throws(NoteError) {
            return line(of: manifest, note: try signer.sign(text))
        } catch {
            throw SnapshotError(.wrongKey, "The last line could not be signed: \(error).")
        }
    }

    private func line(of manifest: SnapshotManifest, note: SignedNote) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1024)
        writer.object { writer in
            writer.member("checkpoint", manifest.note.description)
            writer.key("beside")
            writer.object { writer in
                writer.member("count", Int64(count))
                writer.member("root", root.base64)
            }
            writer.member("note", note.description)
        }
        writer.endLine()
        return writer.bytes
    }

    /// Reads and verifies the last line, given without its newline.
    ///
    /// - Throws: ``SnapshotError`` with code `.changed`.
    init(line: [UInt8], of manifest: SnapshotManifest) throws(SnapshotError) {
        guard let object = try? JSONDocument(parsing: line).root, let beside = object["beside"],
            let number = beside["count"]?.integer, let count = UInt64(exactly: number),
            let root = beside["root"]?.string.flatMap({ MerkleHash(base64: $0) }),
            let note = object["note"]?.string.flatMap({ try? SignedNote($0) })
        else { throw Self.changed("lacks a member, or holds one that is none") }
        self.init(count: count, root: root)
        do throws(NoteError) {
            try note.verify(manifest.verifier)
        } catch {
            throw Self.changed("is not signed by the ledger: \(error.reason)")
        }
        guard note.signatures.count == 1, note.text == (try text(manifest)) else {
            throw Self.changed("is not what its signature is over, or that of another snapshot")
        }
        guard self.line(of: manifest, note: note).dropLast() == line[...] else {
            throw Self.changed("is not written as it was signed, or its checkpoint is not that of the manifest")
        }
    }

    init(count: UInt64, root: MerkleHash) {
        self.count = count
        self.root = root
    }

    private static func changed(_ what: String) -> SnapshotError {
        SnapshotError(.changed, "The last line \(what). Get the snapshot again from where it was made.")
    }
}
