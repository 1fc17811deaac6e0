import ArgumentParser
import EventLog
import Exchange

/// `sanhu assistance`.
struct AssistanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assistance",
        abstract: "Ask another agency for assistance in a case (执法互助). What is granted under it ends with it.",
        discussion: """
            The asked agency grants by `sanhu disclose decide`, as often as needed; the asking one may make requests within its \
            scope by `sanhu disclose request --under`.

            EXAMPLES
              sanhu assistance request smuggling --as ASB --owner CUS \\
                --compartment trade-secret --object container:CMAU9592883 \\
                --purpose investigation --case A-3 --subject subject.txt \\
                --deadline 2026-12-05T00:00:00Z --to 2026-12-31T00:00:00Z
              sanhu assistance answer 50 provided --as CUS --evidence sha256:0f3c…
              sanhu assistance close 50 --as ASB
            """,
        subcommands: [AssistanceAsk.self, AssistanceGive.self, AssistanceClose.self])
}

/// `sanhu assistance request`.
struct AssistanceAsk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask an agency for assistance.",
        discussion: """
            EXAMPLES
              sanhu assistance request emergency --as MSA --owner CUS \\
                --compartment security --object conveyance:9434761 \\
                --purpose assistance --case E-1 \\
                --deadline 2026-12-01T12:00:00Z --to 2026-12-02T00:00:00Z
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The kind of assistance.")
    var kind: AssistanceKind

    @OptionGroup var purpose: PurposeOptions
    @OptionGroup var fields: FieldOptions

    @Option(name: .long, help: "Until when an answer is asked for (RFC 3339).")
    var deadline: String

    @Option(
        name: .long, help: "A file that says whom or what the case is about, or - for standard input. It is sealed.")
    var subject: String?

    func run() async throws {
        let scope = try fields.scope(owner: purpose.owner, purpose: purpose.purpose, caseName: purpose.caseName)
        let request = AssistanceRequest(kind, scope, deadline: try TimeText.time(deadline))
        try await acting.append(.assistanceRequested(request), detail: try SealedText.read(subject))
    }
}

/// `sanhu assistance answer`.
struct AssistanceGive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answer a request for assistance; with reasons, if it is not provided in full.",
        discussion: """
            EXAMPLES
              sanhu assistance answer 50 partly --as CUS \\
                --reason "two of three containers" --evidence sha256:0f3c…
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the request.")
    var assistance: UInt64

    @Argument(help: "What came of it.")
    var result: AssistanceAnswer.Result

    @OptionGroup var why: ReasonOptions

    @Option(name: .long, help: "A reference to what is delivered. It is sealed. May be given several times.")
    var evidence: [String] = []

    func run() async throws {
        let answer = AssistanceAnswer(to: assistance, result, reasons: why.reason)
        try await acting.append(.assistanceAnswered(answer), detail: evidence.isEmpty ? nil : .evidence(evidence))
    }
}

/// `sanhu assistance close`.
struct AssistanceClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close a request for assistance, and with it all that was granted under it.",
        discussion: """
            EXAMPLES
              sanhu assistance close 50 --as ASB --reason "the case is concluded"
            """)

    @OptionGroup var acting: ActingOptions

    @Argument(help: "The position of the request.")
    var assistance: UInt64

    @OptionGroup var why: ReasonOptions

    func run() async throws {
        try await acting.append(.assistanceClosed(assistance: assistance, reasons: why.reason))
    }
}
