import EventLog
import Exchange
import ExchangeClient
import JSON
import Transparency

/// Verifies a ledger by what its server says, and prints what was found.
struct RemoteVerify {
    let client: ExchangeClient
    let key: NoteVerifier
    let selection: ReadSelection
    /// The file of the checkpoint from before.
    let state: String?
    let hashesOnly: Bool

    func run() async throws {
        var known = try state.map { path in try FollowedLog.read(path, key: key) }
        let bar = ProgressBar("verifying")
        let tree = try await client.verifyTree(key: key, known: known?.checkpoint, progress: bar.show)
        let read = hashesOnly ? nil : try await read(tree, bar)
        bar.finish()
        report(tree, read)
        if let state {
            // Where a follower stands that keeps its place in the same file, stays.
            known?.checkpoint = tree.note
            try known?.write(state, key: key)
        }
        Terminal.say(": nothing was changed or left out", after: Terminal.coloured("sound", .good))
        if let witnessed = tree.witnessed {
            Terminal.say("witnesses vouch for the first \(witnessed) of \(tree.checkpoint.size) entries")
        }
        if let read, read.stubs > 0 {
            Terminal.say("of \(read.stubs) entries this reader may know only that they are there")
        }
    }

    /// Reads every entry as the reader may see it, each proved to be in the log of the checkpoint or in one that continues it.
    private func read(_ tree: VerifiedTree, _ bar: ProgressBar) async throws -> VerifiedRead {
        var all = selection
        (all.from, all.to) = (0, tree.checkpoint.size)
        var done: Position = 0
        return try await client.verified(all, key: key, known: tree.checkpoint.size > 0 ? tree.note : nil) { _ in
            done += 1
            bar.show(done, tree.checkpoint.size)
        }
    }

    private func report(_ tree: VerifiedTree, _ read: VerifiedRead?) {
        Output.standard.writeObject { writer in
            writer.key("sound")
            writer.bool(true)
            writer.member("origin", tree.checkpoint.origin)
            writer.member("entries", Int64(clamping: tree.checkpoint.size))
            writer.member("root", tree.checkpoint.root.base64)
            writer.member("tiles", Int64(clamping: tree.tiles))
            if let witnessed = tree.witnessed { writer.member("witnessed", Int64(clamping: witnessed)) }
            if let known = tree.known { writer.member("oldSize", Int64(clamping: known.size)) }
            guard let read else { return }
            writer.key("read")
            writer.object { writer in
                writer.member("entries", Int64(clamping: read.entries))
                writer.member("stubs", Int64(clamping: read.stubs))
                writer.member("disclosures", Int64(clamping: read.disclosures))
            }
        }
        Output.standard.flush()
    }
}
