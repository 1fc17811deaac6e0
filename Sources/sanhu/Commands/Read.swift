import ArgumentParser
import EventLog
import Exchange
import ExchangeClient
import ExchangeProtocol
import Foundation
import JSON

/// `sanhu read`.
struct Read: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read entries by type, tag, position or time.",
        discussion: """
            Prints one line for each entry: {"position":…,"recorded":…,"agency":…,"tags":[…],"event":{…}}. Types are \
            alternatives, tags must all be there. --query says more: items joined by “|”, of terms type=NAME and tags.

            EXAMPLES
              sanhu read --tag declaration:21GB7X8M7S6NG8N6R0 --format text
              sanhu read --type sanhu.hold.placed --type sanhu.hold.lifted --backwards
              sanhu read --query "container:CMAU9592883 | type=sanhu.seal.recorded"
              sanhu read --recorded-from 2026-03-01T00:00:00+08:00 | jq .event.type
              sanhu read --follow --type sanhu.release.completed
              sanhu read --as TAX --purpose duty-assessment --tag declaration:D-1
              sanhu read --as TAX --purpose duty-assessment --verifiable --proofs > t
              sanhu read --as TAX --purpose refund --case T-7 --page 100 --cursor "$next"
              sanhu read --as BOR --field /commercial --tag declaration:220020260000000001
              sanhu read --as CUS --server https://port.example --follow \\
                --agency-key cus-1.key --key-id CUS-1 --trust KEY --state cus.state
            """)

    /// How entries are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json, text
    }

    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var match: MatchOptions

    @Option(name: .long, help: "A query instead of types and tags.")
    var query: String?

    @Option(name: .long, help: "The first position.")
    var from: UInt64?

    @Option(name: .long, help: "The position after the last; where it is beyond the head, up to the head.")
    var to: UInt64?

    @Option(name: .customLong("recorded-from"), help: "Only what was recorded at this time or after it (RFC 3339).")
    var recordedFrom: String?

    @Option(name: .customLong("recorded-to"), help: "Only what was recorded before this time (RFC 3339).")
    var recordedTo: String?

    @Flag(name: .long, help: "The latest first.")
    var backwards = false

    @Option(name: .long, help: "The most entries.")
    var limit: Int?

    @Flag(name: .long, help: "Go on with what comes, until interrupted.")
    var follow = false

    @Option(name: .long, help: "json: a line of JSON each; text: a line for people.")
    var format: Format = .json

    @OptionGroup var reading: ReaderOptions

    @OptionGroup var form: VerifiableOptions

    @OptionGroup var remote: ServerOptions

    @Option(
        name: .long, help: "With --server, --follow and --trust: the file of how far it came. It goes on from there.")
    var state: String?

    func validate() throws {
        if state != nil, remote.address == nil || !follow || remote.trust == nil {
            throw ValidationError("--state goes with --server, --follow and --trust.")
        }
        if remote.address != nil, format == .text || form.verifiable || form.upcast || reading.page != nil {
            throw ValidationError("--format text, --verifiable, --upcast and --page go without --server.")
        }
        if remote.address == nil, reading.claim.agency != nil, follow || format == .text {
            throw ValidationError("--as goes without --follow and --format text.")
        }
        if remote.address == nil, reading.claim.agency == nil, form.verifiable || form.upcast {
            throw ValidationError("--verifiable and --upcast go with --as.")
        }
        if form.verifiable, reading.page != nil || reading.cursor != nil || !reading.field.isEmpty {
            throw ValidationError("--page, --cursor and --field do not go with --verifiable.")
        }
        if let limit, limit < 0 { throw ValidationError("--limit is at least 0.") }
        guard follow else { return }
        if backwards || to != nil || recordedTo != nil {
            throw ValidationError("--follow goes forwards without end: leave out --backwards, --to and --recorded-to.")
        }
    }

    func run() async throws {
        let query = try parsedQuery()
        if let address = remote.address {
            try await read(from: address, query)
            return
        }
        if let snapshot = try SnapshotReading(ledger) {
            try print(snapshot, query)
            return
        }
        if let reader = reading.reader {
            try await read(as: reader, query)
            return
        }
        let log = try ledger.openForReading()
        let range = try range(log)
        let printer = EntryPrinter(format: format)
        if follow {
            try await printer.follow(log.subscribe(query, from: range.from), limit: limit)
        } else {
            try printer.print(log, query, range)
        }
        Output.standard.flush()
        log.close()
    }

    /// Reads what was imported to be read.
    private func print(_ snapshot: SnapshotReading, _ query: Query) throws {
        guard reading.reader == nil, !follow, !backwards else {
            throw ValidationError(
                "This is a snapshot, made for whoever was to have it: --as, --follow and --backwards do not go with it."
            )
        }
        let (first, end) = (from ?? 0, max(from ?? 0, to ?? .max))
        let began = try recordedFrom.map(TimeText.time) ?? Timestamp(microseconds: .min)
        let ended = try recordedTo.map(TimeText.time) ?? Timestamp(microseconds: .max)
        try snapshot.print(
            query, positions: first..<end, recorded: began..<max(began, ended), limit: limit ?? .max, format: format)
    }

    /// Reads as the charter lets a reader see it. What is disclosed is recorded, so this writes the access log.
    private func read(as reader: Reader, _ query: Query) async throws {
        let writing = WritingOptions(of: ledger, key: reading.claim.key)
        let exchange = try writing.openExchange()
        defer { exchange.finish() }
        try await exchange.settle()
        try exchange.warn(ofUnknownPurposeOf: reader)
        var part = try range(exchange.log)
        let earlier = try reading.asOf.map(TimeText.time)
        guard !form.verifiable else {
            try await form.print(exchange, query, part, for: reader, asOf: earlier)
            return
        }
        // Page by page, so that memory stays small and what is revoked meanwhile is not read on.
        var left = part.limit
        var next = try reading.cursor.map { text in try PageCursor(text) }
        while left > 0 {
            part.limit = min(left, reading.page ?? 256)
            let page = try await exchange.page(query, part, for: reader, asOf: earlier, after: next)
            try await exchange.recordDenials(of: reading.field, in: page.entries, for: reader)
            SeenEntryPrinter().print(try form.shown(page.entries, of: exchange))
            left -= page.entries.count
            next = page.next
            if next == nil || reading.page != nil { break }
        }
        if reading.page != nil, let next { Output.standard.writeObject { $0.member("next", next.text) } }
        Output.standard.flush()
    }

    /// Asks a server.
    private func read(from address: String, _ query: Query) async throws {
        var selection = ReadSelection(query, from: from ?? 0, to: to)
        (selection.recordedFrom, selection.recordedTo) = (
            try recordedFrom.map(TimeText.time), try recordedTo.map(TimeText.time)
        )
        (selection.isBackwards, selection.limit) = (backwards, limit)
        selection.asOf = try reading.asOf.map(TimeText.time)
        selection.fields = reading.field
        if !remote.tellsByToken {
            (selection.role, selection.purpose) = (reading.claim.role, reading.claim.purpose)
            selection.caseName = reading.caseName
        }
        let key = try remote.key
        let claim = reading.claim
        let client = try remote.client(
            address,
            as: ServerOptions.Claim(
                agency: claim.agency, role: claim.role, purpose: claim.purpose, caseName: reading.caseName))
        let remoteRead = RemoteRead(client: client, selection: selection, key: key)
        do {
            if follow { try await remoteRead.follow(state: state) } else { try await remoteRead.run() }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }

    private func parsedQuery() throws -> Query {
        if let query {
            guard match.type.isEmpty, match.tag.isEmpty else {
                throw ValidationError("Give --query, or --type and --tag.")
            }
            return try QueryText.query(query)
        }
        var tags: [Tag] = []
        for text in match.tag { tags.append(try Tag(text)) }
        return Query(types: match.type, tags: tags)
    }

    private func range(_ log: Log) throws -> ReadRange {
        // The end is only a bound: who asks for what is below it gets what there is.
        let end = try to.map { min($0, try log.head) }
        var range = ReadRange(from: from ?? 0, to: end, isBackwards: backwards, limit: limit ?? .max)
        if let recordedFrom {
            range.from = max(range.from, try log.position(recordedAtOrAfter: TimeText.time(recordedFrom)))
        }
        if let recordedTo {
            let end = try log.position(recordedAtOrAfter: TimeText.time(recordedTo))
            range.to = min(range.to ?? end, end)
        }
        return range
    }
}

/// Prints entries in a format.
struct EntryPrinter {
    let format: Read.Format

    func print(_ log: Log, _ query: Query, _ range: ReadRange) throws {
        try log.read(query, range) { (entries) throws(LogError) in
            for entry in entries { print(entry) }
            return true
        }
    }

    /// Prints what a subscription gives; each time it has caught up, everything is handed over.
    func follow(_ subscription: Subscription, limit: Int?) async throws {
        var left = limit ?? .max
        guard left > 0 else { return }
        for await signal in subscription {
            switch signal {
            case .event(let entry):
                print(entry)
                left -= 1
                if left <= 0 { return }
            case .caughtUp:
                Output.standard.flush()
            case .dropped(.failed(let error)):
                throw error
            case .dropped(.closed):
                return
            }
        }
    }

    func print(_ entry: Entry) {
        switch format {
        case .json:
            var line: [UInt8] = []
            line.reserveCapacity(entry.bytes.count + 32)
            entry.appendLine(to: &line)
            line.append(UInt8(ascii: "\n"))
            Output.standard.write(line)
        case .text:
            Output.standard.writeLine(EntryLine.text(entry))
        }
    }
}
