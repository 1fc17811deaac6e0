import ArgumentParser
import EventLog
import Exchange

/// `sanhu disclose`.
struct DiscloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disclose",
        abstract: "Ask other agencies for what they own, decide on their requests, and end what was granted.",
        discussion: """
            Whoever needs a field that `sanhu read` withholds asks its owner, who checks, decides and may revoke. A request, a \
            decision and its grant are named by the positions that these commands print.

            EXAMPLES
              sanhu disclose request --as TAX --owner CUS --field /commercial \\
                --object declaration:1 --purpose refund --case T-7 \\
                --to 2026-12-31T00:00:00+08:00
              sanhu disclose list --as CUS
              sanhu disclose decide 41 --as CUS --grant --reason "Art. 5: refund case T-7"
              sanhu read --as TAX --purpose refund --case T-7 --tag declaration:1
              sanhu disclose revoke 42 --as CUS --reason "case T-7 is closed"
            """,
        subcommands: [
            DiscloseRequest.self, DiscloseCheck.self, DiscloseDecide.self, DiscloseRevoke.self, DiscloseDispute.self,
            DiscloseList.self,
        ])
}

/// `sanhu disclose request`.
struct DiscloseRequest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask an agency for fields it owns.",
        discussion: """
            EXAMPLES
              sanhu disclose request --as TAX --owner CUS --class conditional \\
                --object declaration:1 --purpose refund --case T-7 \\
                --to 2026-12-31T00:00:00+08:00 --grounds grounds.txt
            """)

    @OptionGroup var acting: ActingOptions
    @OptionGroup var purpose: PurposeOptions
    @OptionGroup var fields: FieldOptions

    @Option(name: .long, help: "A file with the grounds in detail, or - for standard input. They are sealed.")
    var grounds: String?

    @Option(name: .long, help: "The position of the request for assistance it is made under, and with which it ends.")
    var under: UInt64?

    func run() async throws {
        let scope = try fields.scope(owner: purpose.owner, purpose: purpose.purpose, caseName: purpose.caseName)
        try await acting.append(
            .requested(DisclosureRequest(scope, under: under)), detail: try SealedText.read(grounds))
    }
}

/// `sanhu disclose check`.
struct DiscloseCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say that a request is in order, or give it back.",
        discussion: """
            EXAMPLES
              sanhu disclose check 41 --as CUS
              sanhu disclose check 41 --as CUS --return --reason "no such case"
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the request.")
    var request: UInt64

    @Flag(name: .customLong("return"), help: "It is not in order: give it back, with reasons.")
    var isReturned = false

    @OptionGroup var why: ReasonOptions

    func run() async throws {
        try await acting.append(.checked(request: request, conforms: !isReturned, reasons: why.reason))
    }
}

/// `sanhu disclose decide`.
struct DiscloseDecide: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Grant a request, a part of it, or deny it; always with reasons.",
        discussion: """
            With --grant, whatever is named of fields, roles, objects and time narrows what was asked for.

            EXAMPLES
              sanhu disclose decide 41 --as CUS --grant --reason "Art. 5: refund case T-7"
              sanhu disclose decide 41 --as CUS --grant --object declaration:1 \\
                --reason "the others are not about the case"
              sanhu disclose decide 41 --as CUS --deny --reason "Art. 6: open investigation"
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the request, for disclosure or for assistance.")
    var request: UInt64

    enum Word: String, EnumerableFlag {
        case grant, deny
    }

    @Flag(help: "What is decided.")
    var word: Word

    @OptionGroup var why: GivenReasonOptions

    @OptionGroup var fields: FieldOptions

    func run() async throws {
        let part = try fields.part()
        let isPart = part != DisclosureRuling.Part()
        guard word == .grant || !isPart else {
            throw ValidationError("--deny denies all: leave out what narrows a grant.")
        }
        let outcome: DisclosureRuling.Outcome = word == .deny ? .denied : isPart ? .partly : .granted
        try await acting.append(.decided(DisclosureRuling(on: request, outcome, reasons: why.reason, part: part)))
    }
}

/// `sanhu disclose revoke`.
struct DiscloseRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a grant at once: the next page of whoever reads by it is refused.",
        discussion: """
            EXAMPLES
              sanhu disclose revoke 42 --as CUS --reason "case T-7 is closed"
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the grant, which is that of the decision.")
    var grant: UInt64

    @OptionGroup var why: GivenReasonOptions

    func run() async throws {
        try await acting.append(.revoked(grant: grant, reasons: why.reason))
    }
}

/// `sanhu disclose dispute`.
struct DiscloseDispute: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispute",
        abstract: "Object to a decision. It stands in the log for both sides; it changes nothing by itself.",
        discussion: """
            EXAMPLES
              sanhu disclose dispute 42 --as TAX --reason "the price is needed"
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the decision.")
    var decision: UInt64

    @OptionGroup var why: GivenReasonOptions

    func run() async throws {
        try await acting.append(.disputed(decision: decision, reasons: why.reason))
    }
}
