import ArgumentParser
import Crypto
import EventLog
import JSON
import Transparency

/// `sanhu sample`.
struct Sample: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print made-up events of a port, the same for the same seed.",
        discussion: """
            Prints drafts that `append` takes: {"agency":…,"tags":[…],"event":{…}}. --declarations tells of that many \
            declarations and the ships that carry the goods; --days of whole days, with every type of event. With --showcase \
            it prints instead the tags of one good story among them.

            --into plays the days into a ledger: it is founded by the sample charter if it does not exist, each event is \
            appended as its agency, by the port's rules and at its time, and the port's automations are at work. Some events \
            are wrong and must be refused. Printed is what became of them.

            EXAMPLES
              sanhu sample --seed 7 --declarations 200 | sanhu append -
              sanhu sample --port CNNSA --days 3 --seed 7 | jq -r .event.type
              sanhu sample --days 1 --declarations-per-day 60 --into sample.ledger
              sanhu sample --seed 7 --showcase
              sanhu sample --key TER-1 > ter.key
            """)

    @Option(name: .long, help: "What the choices depend on.")
    var seed: UInt64 = 7

    @Option(name: .long, help: "How many declarations.")
    var declarations: Int = 200

    @Option(name: .long, help: "How many whole days, with all that happens at a port.")
    var days: Int?

    @Option(name: .long, help: "The port of the days.")
    var port: String = SamplePort.all[0].locode

    @Option(name: .long, help: "The first day.")
    var from: String = SampleGenerator.firstDay.dateText

    @Option(name: .customLong("declarations-per-day"), help: "How many declarations each of the days has.")
    var declarationsPerDay: Int = SampleGenerator.usual

    @Option(name: .long, help: "Play the days into this ledger; it is founded if it does not exist.")
    var into: String?

    @Option(name: .long, help: "The folder of the schemas and the sample charter, to found the ledger by.")
    var schemas: String?

    @Option(name: .long, help: "The name of a ledger that is founded.")
    var origin: String = "sample.port/ledger"

    @Flag(name: .long, help: "With what the port's rules refuse; the attribute refusedby names the rule.")
    var wrong = false

    @Option(name: .long, help: "Print the private key that the sample charter has by this id instead, e.g. TER-1.")
    var key: String?

    @Flag(name: .long, help: "Print the tags of one story instead.")
    var showcase = false

    func validate() throws {
        guard (0...100_000_000).contains(declarations) else {
            throw ValidationError("--declarations is 0 to 100,000,000.")
        }
        guard (0...100_000).contains(days ?? 0) else { throw ValidationError("--days is 0 to 100,000.") }
        guard (SampleGenerator.least...1_000_000).contains(declarationsPerDay) else {
            throw ValidationError("--declarations-per-day is \(SampleGenerator.least) to 1,000,000.")
        }
    }

    func run() async throws {
        if let key {
            Output.standard.writeLine(Base64.encode(Array(try SampleLedger.key(key).rawRepresentation)))
            return Output.standard.flush()
        }
        if let into {
            guard days != nil else { throw ValidationError("--into plays whole days: give --days.") }
            try await SamplePlaying(generator(), into: into, schemas: schemas, origin: origin).run()
            return
        }
        var writer = JSONWriter()
        if showcase {
            SampleGenerator(seed: seed, declarations: 1).showcase.write(to: &writer)
            Output.standard.write(writer.bytes)
        } else {
            for draft in try generator().makeDrafts(includesRefused: wrong) {
                writer.removeAll()
                SampleEventWriter.writeLine(draft, to: &writer)
                Output.standard.write(writer.bytes)
            }
        }
        Output.standard.flush()
    }

    private func generator() throws -> SampleGenerator {
        guard let days else { return SampleGenerator(seed: seed, declarations: declarations) }
        guard let port = SamplePort(code: port) else {
            let known = SamplePort.all.map(\.locode).joined(separator: ", ")
            throw ValidationError("--port: the sample has \(known).")
        }
        guard let from = SampleTime(day: from) else { throw ValidationError("--from is a day, like 2018-04-17.") }
        return SampleGenerator(seed: seed, port: port, from: from, days: days, declarationsPerDay: declarationsPerDay)
    }
}
