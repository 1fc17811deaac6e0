import ArgumentParser
import Audit
import Clearance
import EventLog
import Exchange
import JSON
import Views

/// `sanhu view show`.
struct ViewShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a view holds, as a reader may see it.",
        discussion: """
            Of the timeline an object's story; of counts all keys, or those that begin with what is given. Classified \
            values that are shown are recorded as by a read.

            EXAMPLES
              sanhu view show timeline container:MSKU1234565 --as CUS
              sanhu view show timeline declaration:1 --as TAX --purpose duty --at 4711
              sanhu view show timeline declaration:1 --as CUS --known 3
              sanhu view show counts sanhu.declaration. --as CUS
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var argument: ViewArgument

    @Argument(help: "The object, kind:value; or what keys begin with.")
    var object: String?

    @OptionGroup var reading: ReaderOptions

    @Option(name: .long, help: "Only what stands below this position.")
    var at: UInt64?

    @OptionGroup var moment: MomentOptions

    @Option(name: .long, help: "table or json; else as standard output is a terminal or not.")
    var format: ViewFormat?

    func validate() throws {
        guard reading.claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        try reading.refusePages()
        try moment.validate(at: at, asOf: reading.asOf)
    }

    func run() async throws {
        let definition = try argument.definition
        let isTimeline = definition.title == StandardViews.timeline.definition.title
        if definition.title == CaseFiles.definition.title {
            throw ValidationError("Case files are shown by `sanhu case OBJECT --as AGENCY`.")
        }
        if definition.title == Boards.definition.title {
            throw ValidationError("Boards are shown by `sanhu board BOARD --as AGENCY`.")
        }
        if moment.isGiven, !isTimeline { throw ValidationError("--known and --true go with the timeline.") }
        if isTimeline, object == nil { throw ValidationError("Of which object? Give kind:value.") }
        let session = try ViewSession(WritingOptions(of: ledger, key: reading.claim.key), definition)
        defer { session.close() }
        try await session.catchUp()
        let reader = reading.reader ?? .public
        if isTimeline, moment.isGiven, let object {
            let replay = Replay(of: session.ledger, session.runners)
            show(try await replay.answer(.timeline(object), at: try moment.moment, for: reader).timeline ?? [])
        } else if isTimeline, let object {
            let facts = try await session.runner.facts(
                of: object, for: reader, asOf: reading.asOf.flatMap { Timestamp($0) }, at: at)
            show(StandardViews.timeline.state(of: object, from: facts).steps)
        } else {
            show(try session.runner.tallies(prefixedBy: object ?? "", for: reader))
        }
        Output.standard.flush()
    }

    private func show(_ tallies: [(key: String, sum: Int64)]) {
        switch ViewFormat.chosen(format) {
        case .json:
            for tally in tallies {
                Output.standard.writeObject { writer in
                    writer.member("key", tally.key)
                    writer.member("sum", tally.sum)
                }
            }
        case .table:
            ViewTable(titles: ["KEY", "SUM"], rows: tallies.map { [$0.key, "\($0.sum)"] }).print(orElse: "nothing")
        }
    }

    private func show(_ steps: [Timeline.Step]) {
        switch ViewFormat.chosen(format) {
        case .json:
            for step in steps {
                var writer = JSONWriter()
                step.write(to: &writer)
                writer.endLine()
                Output.standard.write(writer.bytes)
            }
        case .table:
            let rows = steps.map { step in
                ["\(step.position)", step.recorded.description, step.agency, step.type, Self.text(step.value)]
            }
            ViewTable(titles: ["POSITION", "RECORDED", "BY", "WHAT", "VALUE"], rows: rows)
                .print(orElse: "nothing, as far as you may know")
        }
    }

    private static func text(_ value: FactValue?) -> String {
        switch value {
        case .json(let text): String(decoding: text, as: UTF8.self)
        case .withheld(let reason): "(\(reason.sharingClass.rawValue), \(reason.compartment), \(reason.owner))"
        case .erased: "(erased)"
        case .lost: "(lost)"
        case .missing, nil: ""
        }
    }
}
