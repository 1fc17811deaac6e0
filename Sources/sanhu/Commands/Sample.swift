import ArgumentParser
import EventLog
import JSON

/// `sanhu sample`.
struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print made-up events of a port, the same for the same seed.",
        discussion: """
            Prints drafts that `append` takes: {"agency":…,"tags":[…],"event":{…}}. With --showcase it prints instead the \
            tags of one good story among them.

            EXAMPLES
              sanhu sample --seed 7 --declarations 200 | sanhu append -
              sanhu sample --seed 7 --showcase
            """)

    @Option(name: .long, help: "What the choices depend on.")
    var seed: UInt64 = 7

    @Option(name: .long, help: "How many declarations.")
    var declarations: Int = 200

    @Flag(name: .long, help: "Print the tags of one story instead.")
    var showcase = false

    func validate() throws {
        guard (0...100_000_000).contains(declarations) else {
            throw ValidationError("--declarations is 0 to 100,000,000.")
        }
    }

    func run() throws {
        let generator = SampleGenerator(seed: seed, declarations: declarations)
        var writer = JSONWriter()
        if showcase {
            generator.showcase.write(to: &writer)
            Output.standard.write(writer.bytes)
        } else {
            for draft in generator.makeDrafts() {
                writer.removeAll()
                SampleEventWriter.writeLine(draft, to: &writer)
                Output.standard.write(writer.bytes)
            }
        }
        Output.standard.flush()
    }
}
