import ArgumentParser
import EventLog

/// `sanhu index`.
struct Index: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The index, which is derived from the log.",
        discussion: """
            EXAMPLES
              sanhu index rebuild --ledger port.ledger
            """,
        subcommands: [IndexRebuild.self])
}

/// `sanhu index rebuild`.
struct IndexRebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Delete the index and make it anew from the entries.",
        discussion: """
            EXAMPLES
              sanhu index rebuild --ledger port.ledger
            """)

    @OptionGroup var ledger: LedgerOptions

    func run() throws {
        let bar = ProgressBar("indexing")
        let head = Double(try StoredHead.head(of: ledger.path))
        try Log.rebuildIndex(at: ledger.path) { position in
            bar.show(head > 0 ? Double(position) / head : 1, "\(position) entries")
        }
        bar.finish()
        Terminal.say("the index is made anew")
    }
}
