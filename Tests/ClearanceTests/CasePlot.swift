import EventLog
import Exchange
import JSON
import TestSupport

/// Events by chance about a few declarations, containers, enterprises and permits, in any order: also such as no port would
/// have.
struct CasePlot {
    static let objects =
        (0..<5).map { "declaration:\($0)" } + (0..<3).map { "container:C\($0)" } + (0..<3).map { "enterprise:E\($0)" }
        + (0..<3).map { "permit:P\($0)" } + ["lrn:L0", "lrn:L1"]

    /// The ids of events that others may name, with their agencies.
    private var placed: [Placed] = []
    private var writtenOff: [Placed] = []
    private var recognised: [Placed] = []
    private var issued: [Placed] = []
    private var count = 0

    private struct Placed {
        let agency: String
        let id: String
        let source: Int
    }

    /// The next event.
    mutating func event(_ dice: inout Dice) -> (agency: String, event: AgencyEvent) {
        count += 1
        var id = "e\(count)-\(dice.below(1 << 30))"
        var source = 1 + dice.below(2)
        let number = "\(dice.below(5))"
        let declaration = #""declaration":"\#(number)""#
        let permit = "P\(dice.below(3))"
        let item = 1 + dice.below(3)
        var tags: [String] = []
        for tag in Self.objects where dice.oneIn(tag.hasPrefix("declaration") ? 12 : 5) { tags.append(tag) }
        let time = dice.oneIn(3) ? nil : "2026-03-0\(1 + dice.below(9))T08:00:00+08:00"
        func event(_ type: String, _ agency: String, _ data: String) -> (String, AgencyEvent) {
            (agency, CaseLab.event(type, by: agency, id: id, source: source, tags: tags, time: time, "{\(data)}"))
        }
        /// Now and then two sources of an agency give the same id.
        func noted(_ agency: String, in list: inout [Placed]) {
            let twin = list.first { $0.agency == agency && $0.id != id }
            if dice.oneIn(3), let twin, !list.contains(where: { $0.id == twin.id && $0.source != twin.source }) {
                (id, source) = (twin.id, 3 - twin.source)
            }
            list.append(Placed(agency: agency, id: id, source: source))
        }
        /// A member that names the source of what is meant, or nothing.
        func member(_ meant: Placed) -> String {
            let named = dice.oneIn(6) ? 3 - meant.source : meant.source
            return dice.oneIn(2) ? #","source":"/\#(meant.agency)/\#(named)""# : ""
        }
        let enforcer = dice.pick(["CUS", "BOR", "MSA"])
        switch dice.below(24) {
        case 0, 1:
            return event(
                "declaration.lodged", "DEC",
                declaration
                    + #","kind":"goods","flow":"import","office":"22\#(dice.below(3))8","parties":{"importer":"E\#(dice.below(3))"},"commercial":{"price":"CANARY-\#(number)"}"#
            )
        case 2, 3: return event("declaration.accepted", "CUS", declaration + #","version":1"#)
        case 4:
            let text = dice.oneIn(3) ? String(repeating: "x", count: 500) : "wrong"
            let errors = (0..<3).map { _ in #"{"code":"A","text":"\#(text)"}"# }.joined(separator: ",")
            let concerns = dice.pick(["", "", #","concerns":"request""#, #","concerns":"declaration""#])
            return event("declaration.rejected", "CUS", declaration + concerns + #","errors":[\#(errors)]"#)
        case 5:
            let stage = dice.pick(["requested", "decided"])
            return event("declaration.amended", dice.pick(["DEC", "CUS"]), declaration + #","stage":"\#(stage)""#)
        case 6:
            let stage = dice.pick([#""requested""#, #""decided","decision":"granted""#, #""decided""#, #""completed""#])
            return event("declaration.withdrawn", "CUS", declaration + #","stage":\#(stage)"#)
        case 7:
            let result = dice.pick(["passed", "returned", "inspection"])
            return event(
                "declaration.examined", "CUS", declaration + #","result":"\#(result)","valuation":"CANARY-V""#)
        case 8: return event("document.requested", "CUS", declaration + #","kinds":["invoice"],"reason":"CANARY-R""#)
        case 9:
            return event(
                "inspection.ordered", enforcer, declaration + #","kind":"physical","reason":"CANARY-O \"quoted\"""#)
        case 10:
            let agencies = dice.oneIn(6) ? (0..<300).map { "A\($0)" } : [enforcer, "CUS"]
            let list = agencies.map { "\"\($0)\"" }.joined(separator: ",")
            return event(
                "inspection.notified", "SW", declaration + #","place":"yard 1","participants":[\#(list)]"#)
        case 11:
            let result = dice.pick(["finding", "no-finding"])
            return event(
                "inspection.completed", enforcer,
                declaration + #","result":"\#(result)","findings":[{"what":"CANARY-F"}]"#)
        case 12, 13:
            noted(enforcer, in: &placed)
            let about = dice.oneIn(2) ? declaration + "," : #""container":"C\#(dice.below(3))","#
            return event(
                "hold.placed", enforcer,
                about
                    + #""scope":"all","legalBasis":"Art. \#(dice.below(9))","reason":"CANARY-H","officer":{"id":"officer-\#(dice.below(2))"}"#
            )
        case 14:
            guard !placed.isEmpty else { return event("risk.assessed", "CUS", declaration + #","channel":"red""#) }
            let hold = dice.pick(placed)
            // It may be another agency, and then it lifts nothing; and it may be told to another object.
            let agency = dice.oneIn(4) ? enforcer : hold.agency
            tags.append("declaration:" + number)
            return event("hold.lifted", agency, #""hold":"\#(hold.id)""# + member(hold))
        case 15:
            let stage = dice.pick(["", #","stage":"payment-reminded""#, #","dueDate":"2026-04-01""#])
            let bill = dice.pick(["", #","bill":"B1""#, #","bill":"B2""#])
            return event("duty.assessed", "CUS", declaration + bill + stage + #","amounts":{"total":"CANARY-T"}"#)
        case 16:
            let bill = dice.pick(["", #","bill":"B1""#])
            return event("duty.paid", "TRE", declaration + bill + #","amounts":{"paid":"CANARY-P"}"#)
        case 17:
            let bill = dice.pick(["", #","bill":"B2""#, #","bill":"B1""#])
            return event("guarantee.lodged", "TRE", declaration + bill + #","guarantee":"G\#(dice.below(2))""#)
        case 18:
            if dice.oneIn(2) {
                if dice.oneIn(3), let wrong = issued.last {
                    tags.append("permit:" + permit)
                    return event(
                        "record.corrected", wrong.agency,
                        #""permit":"\#(permit)","event":"\#(wrong.id)""# + member(wrong))
                }
                let issuer = dice.oneIn(4) ? "CUS" : "COM"
                noted(issuer, in: &issued)
                return event(
                    "permit.issued", issuer,
                    #""permit":"\#(permit)","kind":"import","quantity":\#(1 + dice.below(90)),"unit":"KGM","endUse":"CANARY-E""#
                )
            }
            let result = dice.pick(["match", "match", "mismatch"])
            let item = dice.oneIn(3) ? "" : #","item":\#(item)"#
            let writeOff = dice.oneIn(4) ? #","writeOff":false"# : ""
            return event(
                "permit.verified", "CUS",
                declaration + #","permit":"\#(permit)","result":"\#(result)""# + item + writeOff)
        case 19, 20:
            if dice.oneIn(3), let wrong = writtenOff.last {
                tags += ["permit:" + permit, "declaration:" + number]
                return event(
                    "record.corrected", "CUS",
                    declaration + #","permit":"\#(permit)","event":"\#(wrong.id)""# + member(wrong))
            }
            noted("CUS", in: &writtenOff)
            return event(
                "permit.writtenoff", "CUS",
                declaration + #","permit":"\#(permit)","item":\#(item),"quantity":\#(1 + dice.below(40))"#)
        case 21:
            if dice.oneIn(2), !recognised.isEmpty {
                let recognition = dice.pick(recognised)
                return event(
                    "recognition.revoked", "CUS",
                    declaration + #","recognition":"\#(recognition.id)""# + member(recognition))
            }
            noted("CUS", in: &recognised)
            return event("result.recognised", "CUS", declaration + #","event":"e1","by":"BOR""#)
        case 22:
            let condition = dice.pick(["none", "guarantee", "test-pending"])
            return event("release.granted", enforcer, declaration + #","condition":"\#(condition)""#)
        default:
            switch dice.below(7) {
            case 0: return event("release.completed", "SW", declaration + #","agencies":["CUS"],"port":"CNSHA""#)
            case 1: return event("clearance.closed", "CUS", declaration)
            case 2: return event("conveyance.departed", "CUS", dice.oneIn(2) ? declaration : #""voyage":"V1""#)
            case 3: return event("conveyance.arrived", "BOR", declaration + #","place":"B1""#)
            case 4:
                return event(
                    "equipment.moved", "CAR",
                    #""container":"C\#(dice.below(3))","move":"discharge","facility":"CNSHA\#(dice.below(3))""#)
            case 5:
                return event(
                    "credit.rated", "MKT",
                    #""enterprise":"E\#(dice.below(3))","scheme":"S\#(dice.below(2))","rating":"A""#)
            default:
                return event(
                    "violation.recorded", "CUS",
                    declaration + #","party":"E\#(dice.below(3))","kind":"CANARY-K","person":{"id":"officer-0"}"#)
            }
        }
    }

    /// Appends some events.
    mutating func append(_ number: Int, to lab: CaseLab, _ dice: inout Dice) async throws {
        for _ in 0..<number {
            let (agency, event) = event(&dice)
            _ = try await lab.ledger.append([event], as: agency)
        }
        try await lab.reach()
    }
}
