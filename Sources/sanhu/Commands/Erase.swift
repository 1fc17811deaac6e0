import ArgumentParser
import Exchange
import Foundation
import JSON

/// Why an agency erases a subject, holds it or lifts a hold.
struct GroundsOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "The agency, which must have the power by the charter.")
    var agency: String

    @Option(name: .long, help: "Why, in words, for those who may see it. It stays for ever: name nobody.")
    var reason: String?

    @Option(name: .long, help: "The officer who decided, by id.")
    var officer: String?

    @Option(name: .long, help: "The event's source; else one that the charter gives the agency.")
    var source: String?

    func grounds(basis: String) -> ErasureGrounds {
        ErasureGrounds(basis: basis, reason: reason, officer: officer, source: source)
    }
}

/// Whose data.
struct SubjectOptions: ParsableArguments {
    @Option(
        name: .long,
        help:
            "The subject, by its name as it stands in the data; - reads it from standard input, so that no list of processes shows it."
    )
    var subject: String

    /// The subject's name.
    func name() throws -> String {
        guard subject == "-" else { return subject }
        guard let line = readLine(), !line.isEmpty else {
            throw ValidationError("There is no subject on standard input.")
        }
        return line
    }
}

/// `sanhu erase`.
struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase a subject: destroy the keys of what was sealed for it.",
        discussion: """
            All that was sealed for the subject, whoever owns it, can be read by nobody any more, and nothing can be \
            appended about it. Entries and proofs stay. It cannot be taken back, and a legal hold refuses it. Backups of \
            the keys are worthless without copies of the wrapping key from before: destroy these too.

            A line is printed: {"erased":P,"fence":N,"keys":K,"rows":R}, with the position of the order, the number of its \
            fence, how many keys were destroyed and how many rows were removed.

            EXAMPLES
              sanhu erase --as POO --subject 91310000MA1FL0QX23 --basis "PIPL 47"
              sanhu erase --as POO --subject - --basis "PIPL 47" --yes < subject.txt
            """)

    @OptionGroup var writing: WritingOptions

    @OptionGroup var subject: SubjectOptions

    @OptionGroup var grounds: GroundsOptions

    @Option(name: .long, help: "The legal basis.")
    var basis: String

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let name = try subject.name()
        if !yes {
            try Confirmation.ask(
                "All that was sealed for “\(name)” in \(try writing.ledger.path) is destroyed for ever.", word: "erase")
        }
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        let bar = ProgressBar("erasing")
        let order = ErasureOrder(subject: name, grounds: grounds.grounds(basis: basis))
        let result = try await ledger.erase(order, as: grounds.agency, progress: bar.show)
        bar.finish()
        Output.standard.writeObject { writer in
            writer.member("erased", Int64(result.position))
            writer.member("fence", Int64(result.fence))
            writer.member("keys", Int64(result.keys))
            writer.member("rows", Int64(result.rows))
        }
        Output.standard.flush()
        Terminal.say("erased; destroy copies of the wrapping key from before, or backups can still be opened with them")
    }
}
