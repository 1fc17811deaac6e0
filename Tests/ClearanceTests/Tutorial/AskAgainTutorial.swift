import EventLog
import Exchange
import JSON
import Views

// The code of docs/writing-an-automation.md, as it stands there: TutorialTests compares them.

struct Asked: AutomationState {
    var times: Int64 = 0

    init() {}
    init?(_ stored: JSONValue) {
        guard let times = stored.integer else { return nil }
        self.times = times
    }

    func write(to writer: inout JSONWriter) { writer.integer(times) }
}

func reactions(_ asked: Asked, _ object: Tag, _ event: LedgerEvent) -> [Automation.Reaction] {
    guard event.type == "sanhu.document.requested", asked.times < 3 else { return [.cancel(name: "ask again")] }
    let week: Int64 = 7 * 86_400_000_000
    let again = Automation.Appending(
        type: "sanhu.document.requested", data: Array(#"{"declaration":"\#(object.value)"}"#.utf8))
    let due = Timestamp(microseconds: event.recorded.microseconds + week)
    return [.schedule(name: "ask again", at: due, again)]
}

let askAgain = Automation(
    name: "ask-again", version: 1,
    query: Query(types: ["sanhu.document.requested", "sanhu.release.granted"]), kinds: ["declaration"], agency: "CUS",
    fold: { (asked: inout Asked, event) in
        if event.type == "sanhu.document.requested" { asked.times += 1 }
    },
    react: { asked, object, event in reactions(asked, object, event) })

func remind(_ views: ViewKeeper, _ book: Rulebook, at now: Timestamp) async throws -> Timestamp? {
    let keeper = AutomationKeeper(beside: views, book: book, clock: { now })
    let runner = try keeper.open(askAgain, from: 0)
    // Takes in all there is, appends what follows and what is due, and rests. start() goes on by itself.
    try await runner.settle()
    let next = try runner.nextDue()
    await keeper.close()
    return next
}
