import Audit
import EventLog
import Exchange

/// Why a decision stood, as a person reads it.
enum WhyPrinter {
    static func show(_ why: Why) {
        guard case .entry(let event) = why.event else {
            Output.standard.writeLine("At \(why.position) stands an entry that you may not see.")
            return
        }
        Output.standard.writeLine(
            Terminal.coloured("\(why.position)", .bold) + "  \(event.recorded)  \(event.agency)")
        Output.standard.writeLine(Terminal.plain(String(decoding: event.event, as: UTF8.self)))
        section("By which power")
        if let power = why.power {
            let ended = power.ended.map { ", until \($0)" } ?? ""
            line("\(power.id) of \(power.agency): \(power.types.joined(separator: ", ")); since \(power.since)\(ended)")
        } else {
            line("By none of the charter: it governs, or is the ledger's own.")
        }
        if let schema = why.schema { line("\(schema.uri), since \(schema.since)") }
        section("By which rules")
        let rules = why.rules.map { run in
            [
                run.rule, "\(run.version)", run.outcome.rawValue, run.asTrue.map { "in truth " + $0.rawValue } ?? "",
                list(run.read, more: run.more) + (run.hasHidden ? " and what you may not see" : ""),
            ]
        }
        ViewTable(titles: ["RULE", "VERSION", "FOUND", "", "READ"], rows: rules).print(orElse: "None is about it.")
        for run in why.rules { if let remedy = run.remedy { line("\(run.rule): \(remedy)") } }
        if let act = why.act { line("The automation \(act.automation) did it, because of \(act.cause).") }
        section("On what it rested")
        var grounds: [[String]] = []
        func add(_ all: [Why.Ground], _ depth: Int) {
            for ground in all {
                grounds.append(
                    [String(repeating: "  ", count: depth) + "\(ground.position)", ground.how] + told(ground.told))
                add(ground.rests, depth + 1)
            }
        }
        add(why.grounds, 0)
        ViewTable(titles: ["POSITION", "HOW", "BY", "WHAT", "RECORDED"], rows: grounds).print(
            orElse: "Nothing is named.")
        if why.hasMore { line("And on what is not told.") }
        if !why.sights.isEmpty {
            section("What it could see of that by a grant")
            let rows = why.sights.map { sight in
                [
                    "\(sight.grant)", sight.owner, sight.purpose, sight.caseName,
                    sight.opened.map { "\($0.position) \($0.pointers.joined(separator: " "))" }.joined(separator: "; "),
                ]
            }
            ViewTable(titles: ["GRANT", "OF", "FOR", "CASE", "FIELDS"], rows: rows).print(orElse: "")
        }
        section("What came later")
        let later = why.later.map { ["\($0.position)", $0.how] + told($0.told) }
        ViewTable(titles: ["POSITION", "HOW", "BY", "WHAT", "RECORDED"], rows: later)
            .print(orElse: "Nothing that would change it, up to \(why.known.position).")
    }

    private static func told(_ told: Why.Told) -> [String] {
        switch told {
        case .event(let agency, let type, let recorded, _): [agency, type, recorded.description]
        case .stub: ["", "(sealed)", ""]
        }
    }

    private static func list(_ positions: [Position], more: Int) -> String {
        let shown = positions.suffix(12).map { "\($0)" }.joined(separator: " ")
        let left = positions.count - min(positions.count, 12) + more
        return left > 0 ? "\(shown) and \(left) more" : shown
    }

    private static func section(_ title: String) {
        Output.standard.writeLine("")
        Output.standard.writeLine(Terminal.coloured(title, .name))
    }

    private static func line(_ text: String) { Output.standard.writeLine(Terminal.plain(text)) }
}
