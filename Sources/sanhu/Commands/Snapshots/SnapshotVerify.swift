import ArgumentParser
import Snapshots

/// `sanhu snapshot verify`.
struct SnapshotVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify a snapshot, with no ledger at hand.",
        discussion: """
            EXAMPLES
              sanhu snapshot verify port.zst --key port.example/ledger+2d3c…+AT…
            """)

    @OptionGroup var snapshot: SnapshotOptions

    func run() throws {
        let bar = ProgressBar("verifying")
        let summary = try SnapshotVerifier.verify(
            path: snapshot.file, verifier: snapshot.verifier, progress: bar.show)
        bar.finish()
        SnapshotReport.print(summary, "verified")
    }
}
