import ArgumentParser
import EventLog
import Exchange
import JSON

/// `sanhu compare`.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "An object's story side by side, as several readers see it.",
        discussion: """
            Reads what happened to an object as each of the readers, and puts next to each other what they are given: of each \
            event whether it is there for them, and each field that is withheld from one of them. It shows what conditional \
            sharing does; each reading is recorded as that reader's.

            A reader is AGENCY, AGENCY/ROLE, AGENCY/ROLE:PURPOSE:CASE, party=KIND:VALUE or public. On a terminal it is a table, \
            else one JSON object for each event.

            EXAMPLES
              sanhu compare declaration:1 --as CUS --as TER --as public
              sanhu compare declaration:1 --as CUS \\
                --as TAX/assessor:duty-assessment:T-7
              sanhu compare enterprise:91310000MA1FL0AB1X --as CUS --as MKT \\
                | jq .readers
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The object: a tag, kind:value.")
    var object: String

    @Option(name: .customLong("as"), help: "A reader. Repeatable, up to 6.")
    var readers: [ComparedReader] = []

    @Option(name: .long, help: "With the ledger's signing key in this file.")
    var key: String?

    @Option(name: .long, help: "At most so many events of each.")
    var limit: Int = 200

    @Option(name: .long, help: "text or json; else as standard output is a terminal or not.")
    var format: CaseCommand.Format?

    @Option(name: .long, help: "How many columns the text has.")
    var width: Int = 120

    /// As many as an item of a query may have.
    private static let typesPerItem = 64

    func validate() throws {
        guard (1...6).contains(readers.count) else {
            throw ValidationError("Who is to be compared? Give --as once for each, up to 6 times.")
        }
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is from 1 to 10,000.") }
        guard (60...400).contains(width) else { throw ValidationError("--width is from 60 to 400.") }
    }

    func run() async throws {
        let tag = try Tag(object)
        let exchange = try WritingOptions(of: ledger, key: key).openExchange()
        defer { exchange.finish() }
        let query = try Self.query(for: tag, in: exchange)
        var seen: [Position: [SeenEntry.Event?]] = [:]
        for (index, reader) in readers.enumerated() {
            for entry in try await exchange.read(query, ReadRange(limit: limit), for: reader.reader) {
                guard case .entry(let event) = entry else { continue }
                seen[entry.position, default: Array(repeating: nil, count: readers.count)][index] = event
            }
        }
        show(seen.sorted { $0.key < $1.key }.compactMap { ComparedEvent($0.key, about: tag, $0.value) })
        Output.standard.flush()
    }

    /// What is about an object, also events that are sealed as a whole: these are found by their types alone, by who has the
    /// ledger's keys. What a reader is given of them is decided as ever.
    private static func query(for tag: Tag, in exchange: ExchangeLedger) throws -> Query {
        let charter = try exchange.charter()
        let plain = Query(tags: [tag])
        guard !charter.isPersonal(tagKind: tag.kind, at: .now()) else { return plain }
        let types = Set(charter.schemas(at: .now()).map(\.type)).sorted()
        let parts = stride(from: 0, to: types.count, by: typesPerItem).map { first in
            Query.Item(types: Array(types[first..<min(first + typesPerItem, types.count)]), tags: [tag])
        }
        return try exchange.stored(Query(plain.items + parts))
    }

    private func show(_ events: [ComparedEvent]) {
        guard format ?? (Terminal.isInteractive ? .text : .json) == .text else {
            for event in events {
                var writer = JSONWriter()
                event.write(to: &writer, readers.map(\.text))
                writer.endLine()
                Output.standard.write(writer.bytes)
            }
            return
        }
        let printer = ComparePrinter(width: width, readers: readers.map(\.title))
        printer.head.forEach(Output.standard.writeLine)
        for line in events.flatMap(printer.lines) { Output.standard.writeLine(line) }
        Output.standard.writeLine("")
        Output.standard.writeLine(
            events.isEmpty ? "Nothing, as far as these readers may know." : ComparePrinter.legend)
    }
}
