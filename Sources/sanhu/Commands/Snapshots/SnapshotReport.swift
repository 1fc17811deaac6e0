import EventLog
import JSON
import Snapshots
import Transparency

/// What the snapshot commands have in common.
enum SnapshotReport {
    /// Prints what a snapshot holds, and warns if nobody said whose it must be.
    static func print(_ summary: SnapshotSummary, _ what: String) {
        Output.standard.writeObject { writer in
            writer.key(what)
            writer.bool(true)
            Self.write(summary.contents, to: &writer)
            writer.member("origin", summary.origin)
            writer.member("verifier", summary.verifier.description)
            writer.key("keyGiven")
            writer.bool(summary.isKeyKnown)
            writer.member("size", Int64(summary.size))
            writer.member("entries", Int64(summary.entries))
            writer.member("beside", Int64(summary.beside))
            writer.member("root", summary.root.base64)
            writer.member("created", summary.created.description)
            writer.member("fileBytes", Int64(summary.fileBytes))
            writer.member("textBytes", Int64(summary.textBytes))
        }
        Output.standard.flush()
        if !summary.isKeyKnown { warnOfKey() }
    }

    /// Says that nobody said whose a snapshot must be.
    static func warnOfKey() {
        Terminal.say("the key is the one that the snapshot names; compare it with the ledger's, or give --key")
    }

    /// Writes what a snapshot is of.
    static func write(_ contents: SnapshotContents, to writer: inout JSONWriter) {
        writer.member("kind", contents.kind)
        switch contents {
        case .log(nil): return
        case .log(let since?): writer.member("since", Int64(since.size))
        case .part(let part):
            writer.member("from", Int64(part.from))
            writer.member("to", Int64(part.to))
        }
    }
}
