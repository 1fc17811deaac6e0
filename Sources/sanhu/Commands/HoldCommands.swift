import ArgumentParser
import EventLog
import Exchange
import JSON

/// `sanhu hold`.
struct HoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract: "Legal holds: subjects that may not be erased.",
        discussion: """
            EXAMPLES
              sanhu hold place --as TAX --subject 91310000MA1FL0QX23 --case T-7 \\
                --basis "刑诉法 54"
              sanhu hold list
            """,
        subcommands: [HoldPlace.self, HoldLift.self, HoldList.self])
}

/// `sanhu hold place`.
struct HoldPlace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "place",
        abstract: "Forbid that a subject is erased.",
        discussion: """
            The subject stands in the log blinded. The position that is printed, {"placed":P}, names the hold.

            EXAMPLES
              sanhu hold place --as TAX --subject 91310000MA1FL0QX23 --case T-7 \\
                --basis "刑诉法 54"
            """)

    @OptionGroup var writing: WritingOptions

    @OptionGroup var subject: SubjectOptions

    @OptionGroup var grounds: GroundsOptions

    @Option(name: .customLong("case"), help: "The case for which the data are kept.")
    var caseName: String

    @Option(name: .long, help: "The legal basis.")
    var basis: String

    @Option(name: .long, help: "The event's id, so that to run this again is no second hold.")
    var id: String?

    func run() async throws {
        let name = try subject.name()
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        let position = try await ledger.hold(
            name, case: caseName, grounds.grounds(basis: basis), id: id, as: grounds.agency)
        Output.standard.writeObject { $0.member("placed", Int64(position)) }
        Output.standard.flush()
    }
}

/// `sanhu hold lift`.
struct HoldLift: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lift",
        abstract: "Lift a hold. Only the agency that placed it may, or its successor.",
        discussion: """
            EXAMPLES
              sanhu hold lift 41 --as TAX --reason "case closed"
            """)

    @OptionGroup var writing: WritingOptions

    @OptionGroup var grounds: GroundsOptions

    @Argument(help: "The position at which it was placed.")
    var hold: UInt64

    func run() async throws {
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        let position = try await ledger.liftHold(at: hold, grounds.grounds(basis: ""), as: grounds.agency)
        Output.standard.writeObject { $0.member("lifted", Int64(position)) }
        Output.standard.flush()
    }
}

/// `sanhu hold list`.
struct HoldList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The holds in force.",
        discussion: """
            Subjects are listed blinded, for they stand so in the log. With --subject the ledger's keys are asked which \
            holds are on it.

            EXAMPLES
              sanhu hold list --format text
              sanhu hold list --all
              sanhu hold list --subject 91310000MA1FL0QX23
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(name: .long, help: "Only the holds on this subject.")
    var subject: String?

    @Flag(name: .long, help: "Also those that were lifted.")
    var all = false

    @Option(name: .long, help: "json for machines, text for people.")
    var format: Read.Format = .json

    func run() throws {
        let log = try ledger.openForReading()
        defer { log.close() }
        let register = try ErasureRegister(folding: log)
        let keys = try subject.map { _ in try ledger.openKeys(of: log, register) }
        for hold in try register.holds(on: subject.map { .named($0) }, in: keys, lifted: all) { show(hold) }
        Output.standard.flush()
    }

    private func show(_ hold: ErasureRegister.Hold) {
        guard format == .json else {
            let end = hold.lifted.map { "  lifted at \($0)" } ?? ""
            Output.standard.writeLine(
                "\(hold.position)  \(hold.recorded)  \(hold.agency)  \(hold.caseName)  \(hold.basis)\(end)")
            return
        }
        Output.standard.writeObject { writer in
            writer.member("hold", Int64(hold.position))
            writer.member("recorded", hold.recorded.description)
            writer.member("agency", hold.agency)
            writer.member("subject", hold.subjectText)
            writer.member("case", hold.caseName)
            writer.member("basis", hold.basis)
            if let lifted = hold.lifted { writer.member("lifted", Int64(lifted)) }
        }
    }
}
