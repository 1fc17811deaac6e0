import ArgumentParser
import EventLog
import Exchange
import ExchangeClient
import ExchangeProtocol
import Foundation

/// `sanhu append`.
struct Append: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Append CloudEvents from a file or from standard input.",
        discussion: """
            The input is one event, an array of events, or one event a line. An event may stand in an object with its \
            agency and tags: {"agency":"CUS","tags":["declaration:1"],"event":{…}}; else --agency and --tag say them.

            Each event is appended on its own, unless --atomic or --if-none is given: then all are, or none. A line is \
            printed for each event, in order: {"appended":P} or {"duplicate":P} with its position, or {"refused":CODE,…}. \
            Appending the same events again changes nothing.

            On a ledger with a charter --as says for which agency; events are checked and sealed, and the rules of the port \
            are held: one that would break a rule is refused with what stands against it. One that the agency \
            sealed and signed itself comes with what it hands over, each disclosure in base64url as RFC 9901 writes it: \
            {"event":{…},"disclosures":["…"],"signature":"KEY-ID:BASE64"}.

            EXAMPLES
              sanhu append events.ndjson --agency CUS --tag office:2248
              sanhu sample --seed 7 | sanhu append -
              sanhu append declarations.ndjson --as DEC
              sanhu append events.ndjson --as CUS --server https://port.example \\
                --agency-key cus-1.key --key-id CUS-1
              sanhu append release.json --agency SW --after 41 \\
                --if-none "type=sanhu.release.completed declaration:1"
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "The file, or - for standard input.")
    var input: String = "-"

    @Option(name: .long, help: "The agency of events that do not say theirs.")
    var agency: String = "local"

    @Option(name: .long, help: "A tag for every event, kind:value. May be given several times.")
    var tag: [String] = []

    @Option(name: .customLong("if-none"), help: "Append only if nothing matches this query. Repeatable.")
    var ifNone: [String] = []

    @Option(name: .long, help: "… after this position. Once for all queries, or once for each.")
    var after: [UInt64] = []

    @Flag(name: .long, help: "Append all events together, or none.")
    var atomic = false

    @Option(name: .customLong("as"), help: "The agency that appends, in a ledger with a charter.")
    var actor: String?

    @OptionGroup var remote: ServerOptions

    func run() async throws {
        let conditions = try conditions()
        var tags: [Tag] = []
        for text in tag { tags.append(try Tag(text)) }
        if let address = remote.address {
            try await append(by: address, tags, conditions)
            return
        }
        if let actor {
            try await append(as: actor, tags)
            return
        }
        let reader = DraftReader(.init(agency: agency, tags: tags))
        let log = try writing.openForWriting()
        defer { log.close() }
        var session = AppendSession(log: log, reader: reader)
        if atomic || !conditions.isEmpty {
            try await session.appendTogether(LineReader(path: input), conditions)
        } else {
            try await session.appendEach(LineReader(path: input))
        }
        Output.standard.flush()
        Terminal.say(session.summary)
        if session.refused > 0 {
            log.close()
            throw ExitCode(CommandFailure.Code.refused.rawValue)
        }
    }

    /// Hands events in to a ledger with a charter: checked against the agency's powers and their schemas, and sealed.
    private func append(as actor: String, _ tags: [Tag]) async throws {
        guard !atomic, ifNone.isEmpty else { throw ValidationError("--as goes without --atomic and --if-none.") }
        let ledger = try writing.openExchange()
        defer { ledger.finish() }
        try await ledger.settle()
        var session = try ExchangeAppend(ledger: ledger, agency: actor, tags: tags)
        try await session.run(LineReader(path: input))
        Output.standard.flush()
        Terminal.say(session.summary)
        if session.refused > 0 {
            ledger.close()
            throw ExitCode(CommandFailure.Code.refused.rawValue)
        }
    }

    /// Hands events in to a server.
    private func append(by address: String, _ tags: [Tag], _ conditions: [AppendCondition]) async throws {
        let client = try remote.client(address, as: ServerOptions.Claim(agency: actor))
        let reader = DraftReader(.init(agency: actor ?? agency, tags: tags, takesSealed: true))
        var session = RemoteAppend(client: client, reader: reader)
        do {
            if atomic || !conditions.isEmpty {
                try await session.appendTogether(LineReader(path: input), conditions)
            } else {
                try await session.appendEach(LineReader(path: input))
            }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        Output.standard.flush()
        Terminal.say(session.summary)
        if session.refused > 0 { throw ExitCode(CommandFailure.Code.refused.rawValue) }
    }

    private func conditions() throws -> [AppendCondition] {
        guard !ifNone.isEmpty || after.isEmpty else { throw ValidationError("--after goes with --if-none.") }
        guard after.count <= 1 || after.count == ifNone.count else {
            throw ValidationError("Give --after once, or once for each --if-none.")
        }
        return try ifNone.enumerated().map { index, text in
            let position = after.count > 1 ? after[index] : after.first
            return AppendCondition(noneMatching: try QueryText.query(text), after: position)
        }
    }
}
