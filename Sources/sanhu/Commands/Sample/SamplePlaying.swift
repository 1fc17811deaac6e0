import Clearance
import EventLog
import Exchange
import Foundation
import JSON
import Views

/// What `sanhu sample --into` does.
struct SamplePlaying {
    let generator: SampleGenerator
    let ledger: SampleLedger

    /// How long after the last day something of it may happen: duty is due, refunds are decided.
    private static let aftermath = 30

    init(_ generator: SampleGenerator, into path: String, schemas: String?, origin: String) throws {
        let end = generator.beginning + (generator.days + Self.aftermath) * SampleTime.day
        guard end.timestamp < Timestamp.now() else {
            throw CommandFailure(
                .refused,
                "The last of it would happen by \(end.dateText), which is to come: give days that are over, by --from.")
        }
        self.generator = generator
        let clock = SampleClock(generator.opening - SampleTime.hour)
        ledger = SampleLedger(path: path, schemas: schemas, origin: origin, clock: clock)
    }

    func run() async throws {
        let began = ContinuousClock.now
        let ledger = try await self.ledger.open()
        let first = try ledger.log.head
        try check(ledger)
        let views = try ViewKeeper(of: ledger)
        let book = try Rulebook(of: ledger, rules: PortRules.all)
        let keeper = AutomationKeeper(beside: views, book: book, clock: { [clock = self.ledger.clock] in clock.now })
        let bar = ProgressBar("playing")
        let player: SamplePlayer
        do {
            let runners = try PortAutomations.all.map { try keeper.open($0, from: 0) }
            player = SamplePlayer(ledger, book, runners, clock: self.ledger.clock)
            let whole = Double((generator.days + 3) * SampleTime.day)
            try await player.play(generator) { time in
                bar.show(Double(time.seconds - generator.opening.seconds) / whole, time.dateText)
            }
        } catch {
            bar.finish()
            await keeper.close()
            views.close()
            ledger.finish()
            throw error
        }
        bar.finish()
        await keeper.close()
        views.close()
        var tally = player.tally
        for type in PortAutomations.appendedTypes + ["sanhu.rule.breached", "sanhu.disclosure.expired"] {
            let count = try count(type, in: ledger, from: first)
            let name = String(type.dropFirst("sanhu.".count))
            tally.take(name, max(0, count - tally.appended[name, default: 0]))
        }
        let (duration, entries) = (ContinuousClock.now - began, try ledger.log.head - first)
        ledger.finish()
        show(
            tally, entries: Int(entries),
            seconds: Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
        guard tally.surprises == 0 else {
            throw CommandFailure(.failed, "\(tally.surprises) events did not become what they should have.")
        }
    }

    /// What is recorded never goes back: a ledger that is further takes what comes after it, or this sample again.
    private func check(_ ledger: ExchangeLedger) throws {
        let head = try ledger.log.head
        var steps = generator.makeSteps()
        guard head > 0, let first = steps.next() else { return }
        let last = try ledger.log.entry(at: head - 1).recorded
        let identity = EventIdentity(source: first.source, id: first.id)
        guard last > first.recorded.timestamp, try ledger.log.entries(of: [identity]).isEmpty else { return }
        throw CommandFailure(
            .refused, "The ledger's last event was recorded at \(last), after this begins: give later days, by --from.")
    }

    private func count(_ type: String, in ledger: ExchangeLedger, from first: Position) throws -> Int {
        var (count, from) = (0, first)
        while true {
            let page = try ledger.log.read(Query(types: [type]), ReadRange(from: from, limit: 10_000))
            count += page.count
            guard let last = page.last, page.count == 10_000 else { return count }
            from = last.position + 1
        }
    }

    private func show(_ tally: SampleTally, entries: Int, seconds: Double) {
        let rate = seconds > 0 ? Double(entries) / seconds : 0
        let rows = tally.appended.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !Terminal.isInteractive else {
            for (type, count) in rows where count > 0 { line(count, type) }
            for (rule, count) in tally.refused.sorted(by: { $0.key < $1.key }) {
                line(count, "refused by \(rule), as they should be")
            }
            line(tally.known, "there already")
            line(entries, "events in \(String(format: "%.1f", seconds)) s, \(Int(rate)) a second")
            for surprise in tally.unexpected {
                Output.standard.writeLine(
                    Terminal.coloured(Terminal.plain("\(surprise.form) \(surprise.id): \(surprise.reason)"), .bad))
            }
            Output.standard.flush()
            return
        }
        for (type, count) in rows where count > 0 {
            Output.standard.writeObject { writer in
                writer.member("type", "sanhu." + type)
                writer.member("appended", Int64(count))
            }
        }
        for (rule, count) in tally.refused.sorted(by: { $0.key < $1.key }) {
            Output.standard.writeObject { writer in
                writer.member("refusedBy", rule)
                writer.member("asExpected", Int64(count))
            }
        }
        for surprise in tally.unexpected {
            Output.standard.writeObject { writer in
                writer.member("unexpected", surprise.id)
                writer.member("form", surprise.form)
                writer.member("reason", surprise.reason)
            }
        }
        Output.standard.writeObject { writer in
            writer.member("events", Int64(entries))
            writer.member("duplicates", Int64(tally.known))
            writer.member("unexpected", Int64(tally.surprises))
            writer.member("milliseconds", Int64(seconds * 1_000))
            writer.member("perSecond", Int64(rate))
        }
        Output.standard.flush()
    }

    private func line(_ count: Int, _ text: String) {
        let number = String(count)
        Output.standard.writeLine(String(repeating: " ", count: max(1, 9 - number.count)) + number + "  " + text)
    }
}
