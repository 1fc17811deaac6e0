import EventLog
import Exchange
import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import Views

/// An automation for the tests: counts the declarations of a number and says so, and when a week has passed since the first
/// without a release, says that.
enum DeadlineSample {
    static let lodged = "sanhu.declaration.lodged"
    static let passed = "sanhu.deadline.passed"
    static let week: Int64 = 7 * 86_400_000_000

    struct Count: AutomationState {
        var lodged: Int64 = 0

        init() {}
        init?(_ stored: JSONValue) {
            guard let lodged = stored.integer else { return nil }
            self.lodged = lodged
        }

        func write(to writer: inout JSONWriter) { writer.integer(lodged) }
    }

    /// What ``automation(version:isBroken:)`` can make nothing of.
    static let poison = "POISON"

    static func appending(_ object: EventLog.Tag, _ count: Int64) -> Automation.Appending {
        Automation.Appending(type: passed, data: Array(#"{"declaration":"\#(object.value)","count":\#(count)}"#.utf8))
    }

    static func automation(
        version: Int = 1, agency: String = "SW", isBroken: @escaping @Sendable () -> Bool = { true }
    ) -> Automation {
        Automation(
            name: "deadline", version: version, query: Query(types: [lodged, RuleLab.released]), kinds: ["declaration"],
            agency: agency,
            fold: { (count: inout Count, event) throws(AutomationFault) in
                if event.data?["office"]?.string == poison, isBroken() { throw AutomationFault("Poison.") }
                if event.type == lodged { count.lodged += 1 }
            },
            react: { (count, object, event) throws(AutomationFault) in
                guard event.type == lodged else { return [.cancel(name: "week")] }
                let said = Automation.Reaction.append(appending(object, count.lodged))
                guard count.lodged == 1 else { return [said] }
                let due = Timestamp(microseconds: event.recorded.microseconds + week)
                return [said, .schedule(name: "week", at: due, appending(object, -1))]
            })
    }
}

/// A clock that goes as it is told.
final class HandClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    var now: Timestamp { Timestamp(microseconds: Timestamp.now().microseconds + ahead.withLock { $0 }) }
    func advance(_ microseconds: Int64) { ahead.withLock { $0 += microseconds } }
}

/// Keepers of views and automations over a ledger.
struct AutomationLab {
    let ledger: ExchangeLedger
    let views: ViewKeeper
    let keeper: AutomationKeeper
    let clock: HandClock

    init(_ ledger: ExchangeLedger, rules: [Rule] = [], clock: HandClock = HandClock()) throws {
        self.ledger = ledger
        self.clock = clock
        views = try ViewKeeper(of: ledger)
        keeper = AutomationKeeper(beside: views, book: try Rulebook(of: ledger, rules: rules)) { clock.now }
    }

    func close() async {
        await keeper.close()
        views.close()
    }

    /// What was appended by automations: declaration and count.
    static func said(_ ledger: ExchangeLedger) throws -> [String] {
        try ledger.log.read(Query(types: [DeadlineSample.passed]), ReadRange()).map { entry in
            let data = try JSONDocument(parsing: entry.bytes).root["event"]?["data"]
            return "\(data?["declaration"]?.string ?? "") \(data?["count"]?.integer ?? 0)"
        }
    }
}
