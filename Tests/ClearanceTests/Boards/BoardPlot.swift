import EventLog
import Exchange
import JSON
import TestSupport

/// Events by chance that boards are made of, among those of case files, in any order: also such as no port would have.
struct BoardPlot {
    static let objects: [(board: String, objects: [String])] = [
        ("receipts", (0..<5).map { "declaration:\($0)" }),
        (
            "inspections",
            (0..<5).map { "declaration:\($0)" } + ["conveyance:V0", "conveyance:V1", "container:C0", "container:C1"]
        ),
        ("risk", ["container:C0", "container:C1", "enterprise:E0", "enterprise:E1", "conveyance:V0", "person:X0"]),
        ("guarantees", ["guarantee:G0", "guarantee:G1"]),
        ("credit", ["enterprise:E0", "enterprise:E1", "enterprise:E2", "conveyance:V0"]),
        ("incidents", ["incident:X0", "incident:X1"]),
    ]

    private var cases = CasePlot()
    private var requests: [Position] = []
    /// Their ids.
    private var asked: [String] = []
    private var count = 0
    /// How many flags each agency has set: the ids of two agencies are the same.
    private var flags: [String: Int] = [:]

    private mutating func event(_ dice: inout Dice) -> (agency: String, event: AgencyEvent) {
        count += 1
        // Now and then two agencies give the same id.
        let id = dice.oneIn(5) ? "f\(dice.below(4))-\(count)" : "b\(count)"
        let number = dice.below(5)
        let (declaration, inspection) = (#""declaration":"\#(number)""#, "I\(dice.below(4))")
        let enforcer = dice.pick(["CUS", "BOR", "MSA"])
        let time = dice.oneIn(3) ? nil : "2026-03-0\(1 + dice.below(9))T08:00:00+08:00"
        var tags = dice.oneIn(3) ? ["container:C\(dice.below(2))"] : []
        func event(_ type: String, _ agency: String, schema: String? = nil, id other: String? = nil, _ data: String)
            -> (String, AgencyEvent)
        {
            (
                agency,
                CaseLab.event(type, by: agency, id: other ?? id, tags: tags, time: time, schema: schema, "{\(data)}")
            )
        }
        let subject = dice.pick([declaration, declaration, #""conveyance":"V\#(dice.below(2))""#])
        let joint = dice.oneIn(4) ? subject : subject + #","inspection":"\#(inspection)""#
        let finding = dice.oneIn(5) ? "" : #","finding":"F\#(dice.below(3))""#
        let guarantee = #""guarantee":"G\#(dice.below(2))""#
        let money = #"{"amount":\#(dice.below(400)).5,"currency":"\#(dice.oneIn(9) ? "USD" : "CNY")"}"#
        let flagged = dice.pick([
            #""container":"C\#(dice.below(2))""#, #""enterprise":"E\#(dice.below(2))""#,
            #""conveyance":"V0","person":"X\#(dice.below(2))""#,
        ])
        switch dice.below(26) {
        case 0, 1:
            let until = dice.oneIn(2) ? #","until":"2026-03-09""# : ""
            return event("document.requested", "CUS", id: "ask\(count)", declaration + #","kinds":["invoice"]"# + until)
        case 2:
            return event("information.requested", enforcer, declaration + #","kind":"information","reason":"CANARY""#)
        case 3, 4:
            let type = dice.pick(["document.requested", "release.granted", "declaration.accepted"])
            let meant = dice.oneIn(2) ? "ask\(max(1, count - dice.below(60)))" : "e\(dice.below(99))"
            return event(
                "notice.issued", "SW",
                declaration
                    + #","notice":"N\#(count)","event":{"source":"/CUS/1","id":"\#(meant)"},"type":"sanhu.\#(type)","agency":"CUS","outcome":"told","recipients":["\#(dice.pick(["DEC", "POST"]))"],"decidedAt":"2026-03-02T08:00:00+08:00","acknowledge":\#(dice.oneIn(2))"#
            )
        case 5:
            let named = #","request":{"source":"/CUS/1","id":"ask\#(max(1, count - dice.below(40)))"}"#
            return event("document.supplied", "DEC", declaration + (dice.oneIn(4) ? "" : named))
        case 6:
            if !asked.isEmpty, dice.oneIn(2) {
                let stage = dice.pick(["received", "taken-over", "done"])
                return event(
                    "notice.acknowledged", dice.pick(["CUS", "BOR"]),
                    #""event":{"source":"/POO/1","id":"\#(dice.pick(asked))"},"stage":"\#(stage)","party":"X""#)
            }
            return event(
                "notice.acknowledged", dice.pick(["DEC", "CUS", "BOR"]),
                dice.oneIn(2)
                    ? #""incident":"X\#(dice.below(2))","stage":"received""#
                    : declaration + #","notice":"N\#(max(1, count - dice.below(40)))","stage":"received""#)
        case 7, 8:
            return event(
                "inspection.ordered", enforcer,
                subject + #","order":"O\#(dice.below(6))","kind":"physical","containers":["C0"],"reason":"CANARY""#
                    + (dice.oneIn(6) ? #","status":"cancelled""# : "")
                    + (dice.oneIn(6) ? #","exclusions":["waste"]"# : ""))
        case 9:
            return event(
                "inspection.notified", "SW",
                joint + #","place":"yard","participants":["CUS","\#(enforcer)"],"orders":["O\#(dice.below(6))"]"#)
        case 10:
            return event(
                "inspection.started", enforcer,
                joint
                    + #","participants":["CUS","BOR"],"opened":["C\#(dice.below(3))"],"orders":["O\#(dice.below(6))"]"#)
        case 11, 12:
            let found = dice.oneIn(4) ? "" : #","findingIds":["F\#(dice.below(3))"]"#
            return event(
                "inspection.completed", enforcer,
                joint
                    + #","result":"\#(dice.pick(["finding", "finding", "no-finding"]))","opened":["C0"],"findings":[{"text":"CANARY"}]"#
                    + found)
        case 13, 14:
            let decision = dice.oneIn(2) ? #""pass""# : #""hand-over","to":"\#(dice.pick(["ASB", "BOR"]))""#
            return event(
                "disposition.decided", dice.pick(["CUS", "BOR", "ASB"]),
                joint + finding + #","matter":"goods","decision":"# + decision)
        case 15, 16:
            let expires = dice.oneIn(3) ? #","expires":"\#(dice.pick(["2020", "2099"]))-01-01T00:00:00Z""# : ""
            let agency = dice.pick(["CUS", "BOR"])
            flags[agency, default: 0] += 1
            return event(
                "risk.flagged", agency, id: "flag\(flags[agency] ?? 0)",
                flagged + #","reasonClass":"x","action":"nii","rule":"CANARY""# + expires)
        case 17:
            let agency = dice.pick(["CUS", "BOR"])
            let outcome = dice.pick(["hit", "lifted"])
            return event(
                "risk.cleared", agency,
                flagged + #","flag":"flag\#(1 + dice.below((flags[agency] ?? 0) + 1))","outcome":"\#(outcome)""#)
        case 18:
            return event(
                "intelligence.shared", dice.pick(["ASB", "CUS"]),
                flagged + #","intelligence":"I","kind":"x","grading":"B2","content":"CANARY""#)
        case 19:
            return event(
                "guarantee.lodged", dice.oneIn(5) ? "TRE" : "INS", guarantee + #","enterprise":"E0","limit":"# + money)
        case 20, 21:
            let bills = dice.oneIn(2) ? #","bills":["B1"]"# : ""
            let condition = dice.oneIn(5) ? "none" : "guarantee"
            return event(
                "release.granted", "CUS",
                declaration + "," + guarantee + #","condition":"\#(condition)","secured":"# + money + bills)
        case 22:
            let freed = dice.oneIn(3) ? "" : "," + guarantee
            return event("duty.paid", "TRE", declaration + #","bill":"B1""# + freed)
        case 23:
            if dice.oneIn(3) { tags.append("conveyance:V0") }
            let until = dice.oneIn(2) ? #","until":"2026-0\#(4 + dice.below(3))-01""# : ""
            let kind = dice.pick(["rating", "registration"])
            return event(
                "credit.rated", dice.pick(["CUS", "MKT"]),
                #""enterprise":"E\#(dice.below(3))","kind":"\#(kind)","scheme":"S\#(dice.below(2))","rating":"\#(dice.pick(["A", "B"]))","from":"2026-0\#(1 + dice.below(6))-01","inputs":{"x":"CANARY"}"#
                    + until)
        case 24:
            return event(
                "violation.recorded", enforcer,
                #""party":"E\#(dice.below(3))","published":\#(dice.oneIn(2)),"kind":"CANARY","person":{"id":"P"}"#)
        default:
            let stage = dice.pick(["declared", "changed", "closed"])
            return event(
                "incident.declared", dice.oneIn(4) ? "MSA" : "POO",
                #""incident":"X\#(dice.below(2))","stage":"\#(stage)","level":"\#(dice.pick(["I", "II"]))","participants":["CUS","BOR"],"opens":["x"],"details":"CANARY""#
            )
        }
    }

    /// Appends some events.
    mutating func append(_ number: Int, to stand: BoardStand, _ dice: inout Dice) async throws {
        for _ in 0..<number {
            if dice.oneIn(20) {
                let id = "a\(count)-\(dice.below(1 << 30))"
                asked.append(id)
                requests.append(
                    try await stand.lab.ledger.append(
                        [
                            CaseLab.event(
                                "assistance.requested", by: "POO", id: id,
                                schema: "assistance.requested+action",
                                #"{"kind":"complaint","asked":["CUS","BOR"],"case":"K","deadline":"\#(dice.pick(["2020", "2099"]))-01-01T00:00:00Z","subject":"CANARY"}"#
                            )
                        ], as: "POO")[0].position)
                continue
            }
            let (agency, event) = dice.oneIn(3) ? cases.event(&dice) : event(&dice)
            _ = try await stand.lab.ledger.append([event], as: agency)
        }
        try await stand.reach()
    }

    /// A board and an object of it.
    func pick(_ dice: inout Dice) -> (board: String, object: String) {
        if !requests.isEmpty, dice.oneIn(8) { return ("inbox", "assistance:\(dice.pick(requests))") }
        let (board, objects) = dice.pick(Self.objects)
        return (board, dice.pick(objects))
    }
}
