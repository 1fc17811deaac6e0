import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import ExchangeProtocol
import Transparency
import Views

/// `sanhu mine ocel`.
struct MineOCEL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ocel",
        abstract: "An object-centric event log, OCEL 2.0 in JSON.",
        discussion: """
            Objects are declarations, containers, conveyances, permits and enterprises, or those of --object. Events carry \
            what they say of themselves in codes; relations are named by the field that names the object. Objects are held \
            in memory until the end: what has more than a million is exported in parts.

            EXAMPLES
              sanhu mine ocel --as AUD > port.json
              sanhu mine ocel --as CUS --port CNNSA --since 2026-03-01T00:00:00+08:00
              sanhu mine ocel --as AUD --at 5 --object declaration --object container
            """)

    @OptionGroup var mining: MiningOptions

    @Option(name: .long, help: "A kind of object. May be given several times; else all five.")
    var object: [String] = []

    func run() throws {
        try mining.export(object.isEmpty ? MiningVocabulary.kinds : object) {
            source, progress, write throws(ExchangeError) in
            var export = OCELExport(source)
            return try export.run(progress: progress, write: write)
        }
    }
}

/// `sanhu mine xes`.
struct MineXES: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xes",
        abstract: "Traces of the objects of one kind, XES 1.0.",
        discussion: """
            Each object of the kind is a trace; an event that names several stands in the trace of each. The resource is \
            the agency, the group its unit; officers are not there.

            EXAMPLES
              sanhu mine xes --as AUD --output declarations.xes
              sanhu mine xes --as CUS --case conveyance --port CNNSA --at 5
            """)

    @OptionGroup var mining: MiningOptions

    @Option(name: .customLong("case"), help: "The kind of object whose traces are written.")
    var kind = "declaration"

    func run() throws {
        try mining.export([kind]) { source, progress, write throws(ExchangeError) in
            var export = XESExport(source, kind: kind)
            return try export.run(progress: progress, write: write)
        }
    }
}

/// `sanhu mine csv`.
struct MineCSV: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "csv",
        abstract: "The figures of clearance time by port, month, mode of transport and flow, as CSV.",
        discussion: """
            K22 and its parts, K22-agency and K22-enterprise, in seconds, a line each; every line says by which version of \
            the definition and at which position and root of the log. For authorities and auditors.

            EXAMPLES
              sanhu mine csv --as POO > clearance-times.csv
              sanhu mine csv --as AUD --port CNNSA --at 5
            """)

    @OptionGroup var mining: MiningOptions

    func validate() throws {
        guard mining.from == 0 else {
            throw ValidationError("--from goes with ocel and xes: a figure is of all events.")
        }
    }

    func run() async throws {
        let writing = WritingOptions(of: mining.ledger, key: mining.claim.key)
        let session = try ViewSession(writing, PortFigures.definition)
        defer { session.close() }
        try await session.catchUp()
        let selection = FigureSelection(
            port: mining.port, from: try mining.since.map(TimeText.time), to: try mining.until.map(TimeText.time))
        let report = try await PortFigures(session.runner).report(
            ClearanceTimesCSV.figures, of: selection, at: mining.at, for: mining.reader)
        let file = try OutputFile(mining.output)
        file.write(ClearanceTimesCSV.text(report, origin: session.ledger.log.verifier.name))
        try file.finish()
    }
}
