import ArgumentParser
import Clearance
import EventLog
import Exchange
import JSON
import Views

/// `sanhu automate`.
struct Automate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "automate",
        abstract: "Let the port's automations do what follows from what was appended.",
        discussion: """
            They take in what is new, append what follows from it and what is due, by the port's rules, and come to rest: run it \
            after appends, or every minute. Each acts once on an event, however often this is run or killed. There are \
            joint-inspection, image-conclusion, arrival-release, release, incident, assistance-timer, payment-reminder and \
            feedback (docs/port-automations.md): name some, or all run.

            An automation acts on what comes after it was run first. --from says otherwise then, and counts for good.

            Printed are what was appended, and then how each stands: how far it is, which objects wait for what it cannot \
            see, and how many events are parked.

            EXAMPLES
              sanhu automate --from 0
              sanhu automate release feedback
              sanhu automate | jq .appended
            """)

    @OptionGroup var writing: WritingOptions

    @Argument(help: "Names of automations. Without any, all run.")
    var names: [String] = []

    @Option(name: .long, help: "Act on events from this position on, if it was never run before.")
    var from: UInt64?

    func validate() throws {
        let known = PortAutomations.all.map(\.name)
        guard let stranger = names.first(where: { !known.contains($0) }) else { return }
        throw ValidationError("There is no automation “\(stranger)”: name some of \(known.joined(separator: ", ")).")
    }

    func run() async throws {
        let session = try AutomationSession(writing)
        do {
            for automation in PortAutomations.all where names.isEmpty || names.contains(automation.name) {
                let first = try session.ledger.log.head
                let runner = try session.keeper.open(automation, from: from)
                defer { Output.standard.flush() }
                try await runner.settle()
                try show(session.ledger, from: first, of: automation)
                try show(runner)
            }
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    /// Nobody else writes the ledger meanwhile.
    private func show(_ ledger: ExchangeLedger, from first: Position, of automation: Automation) throws {
        let types = PortAutomations.appendedTypes
        for entry in try ledger.log.read(Query(types: types), ReadRange(from: first)) {
            let event = try JSONDocument(parsing: entry.bytes).root["event"]
            Output.standard.writeObject { writer in
                writer.member("appended", Int64(entry.position))
                writer.member("by", automation.name)
                writer.member("type", event?["type"]?.string ?? "")
                if let number = event?["data"]?["declaration"]?.string { writer.member("declaration", number) }
            }
        }
    }

    private func show(_ runner: AutomationRunner) throws {
        let (waiting, parked) = (try runner.waiting(), try runner.parkedEntries().count)
        Output.standard.writeObject { writer in
            writer.member("automation", runner.automation.title)
            writer.member("position", Int64(runner.position))
            writer.member("from", Int64(runner.actsFrom))
            writer.key("waiting")
            writer.array { writer in for object in waiting { writer.string(object.text) } }
            writer.member("parked", Int64(parked))
        }
    }
}

/// A ledger with the port's automations.
struct AutomationSession {
    let ledger: ExchangeLedger
    private let views: ViewKeeper
    let keeper: AutomationKeeper

    init(_ writing: WritingOptions) throws {
        ledger = try writing.openExchange()
        views = try ViewKeeper(of: ledger)
        keeper = AutomationKeeper(beside: views, book: try Rulebook(of: ledger, rules: PortRules.all))
    }

    func close() async {
        await keeper.close()
        views.close()
        ledger.finish()
    }
}
