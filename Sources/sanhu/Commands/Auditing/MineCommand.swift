import ArgumentParser

/// `sanhu mine`.
struct MineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mine",
        abstract: "Export for process mining: OCEL 2.0, XES, clearance times as CSV.",
        discussion: """
            What is exported is what a reader sees of the log as it was at a position: for the same position and reader the \
            same bytes. Of events only what stands in clear is taken, and of that codes and figures alone: nothing that is \
            classified, no names, no prose, nothing that names a person. So nothing is opened, and nothing recorded.

            EXAMPLES
              sanhu mine ocel --as AUD > port.json
              sanhu mine xes --as AUD --case container > containers.xes
              sanhu mine csv --as POO > clearance-times.csv
            """,
        subcommands: [MineOCEL.self, MineXES.self, MineCSV.self])
}
