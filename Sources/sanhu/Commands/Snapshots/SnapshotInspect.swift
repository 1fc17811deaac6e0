import ArgumentParser
import EventLog
import JSON
import Snapshots
import Transparency

/// `sanhu snapshot inspect`.
struct SnapshotInspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Say what a snapshot is of, or print what it has at a position.",
        discussion: """
            At once, however large it is: the first line and the table at the end are read, and of the rest what is asked \
            for. Only the first line is verified, and of what is printed that its bytes are those that were written; `sanhu \
            snapshot verify` verifies everything.

            EXAMPLES
              sanhu snapshot inspect port.zst
              sanhu snapshot inspect port.zst --position 2
            """)

    @OptionGroup var snapshot: SnapshotOptions

    @Option(name: .long, help: "Print the lines about this position.")
    var position: Position?

    func run() throws {
        let index = try SnapshotIndex(path: snapshot.file, verifier: snapshot.verifier)
        if let position {
            for line in try index.lines(at: position) {
                Output.standard.writeLine(String(decoding: line, as: UTF8.self))
            }
            Output.standard.flush()
            return
        }
        let overview = index.overview
        Output.standard.writeObject { writer in
            SnapshotReport.write(overview.contents, to: &writer)
            writer.member("origin", overview.verifier.name)
            writer.member("verifier", overview.verifier.description)
            writer.key("keyGiven")
            writer.bool(overview.isKeyKnown)
            writer.member("size", Int64(overview.size))
            writer.member("root", overview.root.base64)
            writer.member("created", overview.created.description)
            writer.member("frames", Int64(overview.frames))
            writer.member("fileBytes", Int64(overview.fileBytes))
            writer.member("textBytes", Int64(overview.textBytes))
        }
        Output.standard.flush()
        if !overview.isKeyKnown { SnapshotReport.warnOfKey() }
    }
}
