import ArgumentParser
import Audit
import EventLog
import Exchange
import ExchangeProtocol

/// `sanhu audit-report`.
struct AuditReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-report",
        abstract: "A report on an object or a period, with proofs: one page of HTML, and JSON.",
        discussion: """
            Who did what and when, by agency; decisions with their power, rules and what they rest on; breaches; what was \
            corrected; who saw which classified field and why; and a proof for each entry shown. Of a period it tells what \
            was recorded in it. The same position gives the same report, byte for byte.

            What the reader may see of classified fields is disclosed for the report, and on record before it is there.

            EXAMPLES
              sanhu audit-report declaration:1 --as AUD --html report.html
              sanhu audit-report declaration:1 --as CUS --at 5 --json - | jq .total
              sanhu audit-report --from 2026-03-01T00:00:00+08:00 --port CNNSA \\
                --to 2099-12-31T00:00:00+08:00 --as AUD --purpose audit --json -
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: "The object, by its tag: declaration:1, container:…, enterprise:…")
    var object: String?

    @Option(name: .long, help: "Instead: what was recorded at this time or after it (RFC 3339) …")
    var from: String?

    @Option(name: .long, help: "… and before this time.")
    var to: String?

    @Option(name: .long, help: "… of this port.")
    var port: String?

    @OptionGroup var claim: ClaimOptions

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    @Option(name: .long, help: "The log as it was when it had this many entries; else as it is.")
    var at: UInt64?

    @Option(
        name: .long, help: "How many events are shown one by one, at most \(AuditQuestion.most); others are counted.")
    var limit = 200

    @Option(name: .long, help: "Write the page into this file; - for standard output.")
    var html: String?

    @Option(name: .long, help: "Write the JSON into this file; - for standard output.")
    var json: String?

    func validate() throws {
        guard claim.agency != nil else { throw ValidationError("Who asks? Give --as AGENCY.") }
        guard html != nil || json != nil else { throw ValidationError("Give --html FILE, --json FILE, or both.") }
        guard html != "-" || json != "-" else {
            throw ValidationError("Standard output takes one of --html and --json.")
        }
        guard (1...AuditQuestion.most).contains(limit) else {
            throw ValidationError("--limit is from 1 to \(AuditQuestion.most).")
        }
        _ = try subject()
    }

    /// What the report is about.
    private func subject() throws -> AuditQuestion.Subject {
        if let object {
            guard from == nil, to == nil, port == nil else {
                throw ValidationError("Give an object, or --from and --to, and --port with these.")
            }
            guard let tag = try? Tag(object) else {
                throw ValidationError("“\(object)” names no object. Write kind:value, for example declaration:1.")
            }
            return .object(tag)
        }
        guard let from, let to else { throw ValidationError("Give an object, or a period by --from and --to.") }
        let (start, end) = (try TimeText.time(from), try TimeText.time(to))
        guard start < end else { throw ValidationError("The period ends before it begins: --from is before --to.") }
        return .period(from: start, to: end, port: port)
    }

    func run() async throws {
        let writing = WritingOptions(of: ledger, key: claim.key)
        let exchange = try writing.openExchange()
        defer { exchange.finish() }
        try await exchange.settle()
        var question = AuditQuestion(try subject(), at: try at ?? exchange.log.head)
        question.limit = limit
        let agency = claim.agency ?? ""
        let reader =
            agency == "public"
            ? Reader.public
            : Reader(member: agency, role: claim.role, purpose: claim.purpose, caseName: caseName)
        try exchange.warn(ofUnknownPurposeOf: reader)
        let bar = ProgressBar("reading")
        defer { bar.finish() }
        let report = try await AuditReportMaker(of: exchange, signer: writing.signer())
            .report(question, for: reader, progress: { bar.show($0, $1) })
        bar.finish()
        if let html { try Self.write(report.html, to: html) }
        if let json { try Self.write(report.json, to: json) }
        Terminal.say(
            "\(report.total) events, \(report.events.count) shown and proved, \(report.decisions.count) decisions, "
                + "\(report.breaches.count) breaches, \(report.accesses.records.count) access records; position "
                + "\(question.position), root \(report.root)")
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        let file = try OutputFile(path == "-" ? nil : path)
        file.write(bytes)
        try file.finish()
    }
}
