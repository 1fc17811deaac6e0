import ArgumentParser
import EventLog
import JSON
import Snapshots
import Transparency

/// `sanhu snapshot diff`.
struct SnapshotDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say in what two snapshots of one ledger differ.",
        discussion: """
            Both are verified. Printed is a line for each position that both logs have and at which they differ: another \
            entry, something else beside it, as after an erasure, or an entry that one has and the other left out. The last \
            line says how the logs relate: same, grown, earlier, forked. Exit code 2 says that they are forked.

            EXAMPLES
              sanhu snapshot diff port.zst later.zst
            """)

    @Argument(help: "The one file.")
    var first: String

    @Argument(help: "The other.")
    var second: String

    @Option(name: .long, help: "The ledger's public key, as `init` printed it.")
    var key: String?

    func run() throws {
        let difference = try SnapshotComparison.compare(
            first, second, verifier: try key.map(PublicKeyOptions.verifier)
        ) { change in
            Output.standard.writeObject { writer in
                writer.member("position", Int64(change.position))
                writer.member("differs", change.kind.rawValue)
            }
        }
        Output.standard.writeObject { writer in
            writer.member("relation", difference.relation.rawValue)
            writer.member("firstSize", Int64(difference.first.size))
            writer.member("secondSize", Int64(difference.second.size))
            writer.member("beyond", Int64(difference.beyond))
            for kind in [SnapshotDifference.Change.Kind.entry, .beside, .onlyInFirst, .onlyInSecond] {
                writer.member(kind.rawValue, Int64(difference.counts[kind] ?? 0))
            }
        }
        Output.standard.flush()
        if key == nil { SnapshotReport.warnOfKey() }
        if difference.relation == .forked { throw ExitCode(CommandFailure.Code.unsound.rawValue) }
    }
}
