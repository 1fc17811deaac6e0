import Clearance
import EventLog
import Exchange
import Foundation
import JSON

/// A board made the simple way: from the events as they were disclosed to a reader, by the tables of docs/boards.md, in
/// dictionaries. Nothing of the room or of the kit is used.
struct NaiveBoard {
    typealias Object = [String: Any]

    struct Step {
        let position: Int
        let recorded: Timestamp
        let agency: String
        let type: String
        let id: String
        let source: String
        let time: String?
        let tags: [String]
        let data: Object
        let long: Set<String>
        let withheld: [String: Object]
        let gone: [String: String]

        func text(_ name: String) -> String? { data[name] as? String }
        func texts(_ name: String) -> [String] { data[name] as? [String] ?? [] }

        /// What may be seen of some fields, and what not.
        func fields(_ names: String) -> Object {
            let names = names.split(separator: " ").map(String.init)
            var object: Object = [:]
            for name in names { object[name] = data[name] }
            let (withheld, gone) = (withheld.filter { names.contains($0.key) }, gone.filter { names.contains($0.key) })
            if !withheld.isEmpty { object["withheld"] = withheld }
            if !gone.isEmpty { object["gone"] = gone }
            return object
        }

        func whole(_ names: String) -> Object {
            fields(names).merging(["position": position, "recorded": recorded.description, "agency": agency]) { $1 }
        }

        var moment: Object { ["position": position, "at": time ?? recorded.description] }
        var day: String { NaiveBoard.day(time.flatMap { Timestamp($0) } ?? recorded) }
    }

    static func day(_ time: Timestamp) -> String {
        String(Timestamp(microseconds: time.microseconds + 28_800_000_000).description.prefix(10))
    }

    let object: String
    let steps: [Step]
    let now: Timestamp
    let day: String

    init(_ object: String, _ events: [SeenEntry], now: Timestamp, day: String) throws {
        (self.object, self.now, self.day) = (object, now, day)
        var steps: [Step] = []
        for case .entry(let seen) in events {
            let root = try JSONSerialization.jsonObject(with: Data(seen.event)) as? Object ?? [:]
            var data = root["data"] as? Object ?? [:]
            // What nothing marks, and is too long.
            let long = ["participants"].filter { name in
                (try? JSONSerialization.data(withJSONObject: [data[name] ?? 0]).count - 2) ?? 0 > 1_024
            }
            for name in long { data[name] = nil }
            func byName(_ pointer: String) -> String { String(pointer.dropFirst()) }
            steps.append(
                Step(
                    position: Int(seen.position), recorded: seen.recorded, agency: seen.agency,
                    type: String((root["type"] as? String ?? "").dropFirst(6)), id: root["id"] as? String ?? "",
                    source: root["source"] as? String ?? "", time: root["time"] as? String, tags: seen.tags.map(\.text),
                    data: data, long: Set(long),
                    withheld: Dictionary(
                        uniqueKeysWithValues: seen.withheld.map {
                            (
                                byName($0.pointer),
                                [
                                    "class": $0.reason.sharingClass.rawValue, "compartment": $0.reason.compartment,
                                    "owner": $0.reason.owner,
                                ]
                            )
                        }),
                    gone: Dictionary(uniqueKeysWithValues: seen.gone.map { (byName($0.pointer), $0.cause.rawValue) })))
        }
        self.steps = steps
    }

    private static func made(_ members: [String: Any?]) -> Object { members.compactMapValues { $0 } }
    private static func distinct(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func of(_ type: String) -> [Step] { steps.filter { $0.type == type } }

    // MARK: Inspections

    var inspections: Object {
        let all = steps.filter { $0.tags.contains(object) }
        let orders = all.filter { $0.type == "inspection.ordered" }
        let parts = all.filter {
            ["inspection.notified", "inspection.started", "inspection.completed"].contains($0.type)
        }
        var groups: [[Step]] = []
        for part in parts {
            if let id = part.text("inspection"), let at = groups.firstIndex(where: { $0[0].text("inspection") == id }) {
                groups[at].append(part)
            } else {
                groups.append([part])
            }
        }
        func said(_ group: [Step]) -> [Step] {
            let firsts = ["inspection.notified", "inspection.started"].compactMap { type in
                group.last { $0.type == type }
            }
            return firsts + group.filter { $0.type == "inspection.completed" }
        }
        func names(_ group: [Step], _ name: String) -> [String] {
            Self.distinct(said(group).flatMap { $0.texts(name) })
        }
        let dispositions = all.filter { $0.type == "disposition.decided" }
        var known: Set<Int> = []
        var outstanding = 0
        func findings(_ group: [Step]) -> [Object] {
            var list: [(id: String?, by: String, at: Int)] = []
            for step in group where step.type == "inspection.completed" && step.text("result") == "finding" {
                let ids = step.texts("findingIds")
                for id in ids where !list.contains(where: { $0.id == id }) {
                    list.append((id, step.agency, step.position))
                }
                if ids.isEmpty { list.append((nil, step.agency, step.position)) }
            }
            return list.map { finding in
                let own = dispositions.filter { step in
                    let named = step.text("inspection")
                    return step.position > finding.at && step.text("finding") == finding.id
                        && (named == nil || named == group[0].text("inspection"))
                }
                for step in own { known.insert(step.position) }
                var open: String? = own.isEmpty ? finding.by : nil
                for step in own where step.text("decision") == "hand-over" {
                    let to = step.text("to") ?? ""
                    open = own.contains { $0.position > step.position && $0.agency == to } ? nil : to
                }
                if open != nil { outstanding += 1 }
                return Self.made(["finding": finding.id, "dispositions": own.map(disposition), "outstanding": open])
            }
        }
        func disposition(_ step: Step) -> Object { step.whole("inspection finding matter decision to") }
        let inspections = groups.map { group in
            let notified = group.last { $0.type == "inspection.notified" }
            let participants =
                said(group).last { !$0.texts("participants").isEmpty }?.texts("participants")
                ?? Set(said(group).map(\.agency)).sorted()
            return (notified?.fields("place at kinds") ?? [:]).merging(
                Self.made([
                    "inspection": group[0].text("inspection"),
                    "isJoint": participants.count > 1 || said(group).contains { !$0.long.isEmpty },
                    "convenor": said(group).last { $0.text("convenor") != nil }?.text("convenor"),
                    "long": said(group).contains { !$0.long.isEmpty } ? ["participants"] : nil,
                    "participants": participants, "orders": names(group, "orders"),
                    "port": said(group).compactMap { $0.text("port") }.first, "notified": notified?.moment,
                    "started": group.last { $0.type == "inspection.started" }?.moment, "opened": names(group, "opened"),
                    "completed": group.filter { $0.type == "inspection.completed" }.map { $0.whole("result findings") },
                    "findings": findings(group),
                ])
            ) { $1 }
        }
        let opened = groups.flatMap { names($0, "opened") }
        var row = Self.made([
            "orders": orders.map { order in
                let name = order.text("order") ?? order.id
                let by = groups.first { names($0, "orders").contains(name) }
                return order.whole("order kind containers from to exclusions method cause place port").merging(
                    Self.made(["inspection": by?[0].text("inspection"), "isCarriedOut": by != nil])
                ) { $1 }
            },
            "inspections": inspections,
            "openings": Dictionary(opened.map { ($0, 1) }, uniquingKeysWith: +), "outstanding": outstanding,
        ])
        let others = dispositions.filter { !known.contains($0.position) }
        if !others.isEmpty { row["otherDispositions"] = others.map(disposition) }
        if object.hasPrefix("conveyance:") {
            row["boardings"] = groups.count { $0.contains { $0.type != "inspection.notified" } }
        }
        return row
    }

    // MARK: The others

    var inbox: Object {
        guard let position = Int(object.dropFirst("assistance:".count)),
            let request = of("assistance.requested").first(where: { $0.position == position })
        else { return ["state": "unknown", "asked": [String](), "answers": [Object]()] }
        let over = request.text("deadline").flatMap { Timestamp($0) }.map { $0 < now } ?? false
        return request.whole("kind case action deadline subject").merging([
            "state": over ? "overdue" : "open", "asked": request.texts("asked"), "answers": [Object](),
        ]) { $1 }
    }

    var risk: Object {
        func names(_ step: Step) -> Bool {
            let (kind, value) = (String(object.prefix { $0 != ":" }), String(object.drop { $0 != ":" }.dropFirst()))
            return step.text(kind) == value
        }
        let flags = of("risk.flagged").filter(names)
        func cleared(_ flag: Step) -> Step? {
            of("risk.cleared").first {
                $0.text("flag") == flag.id && $0.agency == flag.agency && $0.position > flag.position
            }
        }
        func state(_ flag: Step) -> String {
            if let outcome = cleared(flag)?.text("outcome") { return outcome }
            return flag.text("expires").flatMap { Timestamp($0) }.map { $0 < now } ?? false ? "expired" : "standing"
        }
        let isInspected = ["declaration:", "container:", "conveyance:"].contains(where: object.hasPrefix)
        let orders = of("inspection.ordered").filter { isInspected && $0.tags.contains(object) }
        return [
            "agencies": Set(flags.filter { state($0) == "standing" }.map(\.agency)).sorted(),
            "flags": flags.map { flag in
                let detail = cleared(flag)?.fields("detail") ?? [:]
                let own = flag.whole("reasonClass action expires rule source cause person")
                return own.merging(detail) { $1 }.merging(
                    Self.made([
                        "flag": flag.id, "state": state(flag), "cleared": cleared(flag)?.position,
                    ])
                ) { $1 }
            },
            "intelligence": of("intelligence.shared").filter(names).map {
                $0.whole("intelligence kind grading handling content person")
            },
            "orders": orders.map { $0.whole("order kind method cause place port") }, "isOrderedTwice": orders.count > 1,
        ]
    }

    var guarantees: Object {
        let all = steps.filter { $0.tags.contains(object) }
        let lodged = all.filter { $0.type == "guarantee.lodged" }
        let last = lodged.last { $0.agency == lodged.first?.agency }
        let releases = all.filter { $0.type == "release.granted" && $0.text("condition") == "guarantee" }
        let paid = all.filter { $0.type == "duty.paid" }
        func freed(_ step: Step) -> Int? {
            paid.first { $0.position > step.position && $0.text("declaration") == step.text("declaration") }?.position
        }
        func money(_ value: Any?) -> (Double, String)? {
            guard let value = value as? Object, let amount = value["amount"] as? Double,
                let currency = value["currency"] as? String
            else { return nil }
            return (amount, currency)
        }
        let limit = money(last?.data["limit"])
        func sum(_ steps: [Step]) -> Double? {
            guard let limit else { return nil }
            var total = 0.0
            for step in steps {
                guard let (amount, currency) = money(step.data["secured"]), currency == limit.1 else { return nil }
                total += amount
            }
            return total
        }
        let open = releases.filter { freed($0) == nil }
        func written(_ amount: Double?) -> Object? { amount.map { ["amount": $0, "currency": limit?.1 ?? ""] } }
        var overdue = 0
        func duties(_ release: Step) -> [Object] {
            let number = release.text("declaration") ?? ""
            var bills: [(bill: String, due: String?, isOpen: Bool)] = []
            // A payment that names no bill settles all that are open; one that names a bill, also one that comes later, once.
            var early: Set<String> = []
            for step in steps where step.tags.contains("declaration:" + number) && step.text("declaration") == number {
                switch step.type {
                case "duty.assessed" where step.text("stage") != "payment-reminded":
                    let bill = step.text("bill") ?? ""
                    let isSettled = early.remove(bill) != nil
                    if let at = bills.firstIndex(where: { $0.bill == bill }) {
                        bills[at] = (bill, step.text("dueDate"), !isSettled)
                    } else {
                        bills.append((bill, step.text("dueDate"), !isSettled))
                    }
                case "duty.paid":
                    if let bill = step.text("bill"), !bills.contains(where: { $0.bill == bill }) { early.insert(bill) }
                    for at in bills.indices where step.text("bill") == nil || bills[at].bill == step.text("bill") {
                        bills[at].isOpen = false
                    }
                default: break
                }
            }
            let named = release.texts("bills")
            return bills.filter { $0.isOpen && (named.isEmpty || named.contains($0.bill)) }.map { duty in
                let isOverdue = duty.due.map { $0 < day } ?? false
                if isOverdue { overdue += 1 }
                return Self.made(["bill": duty.bill, "due": duty.due, "isOverdue": isOverdue])
            }
        }
        let rows = open.map { release in
            release.whole("declaration bills secured").merging(["duties": duties(release)]) { $1 }
        }
        let secured = sum(open)
        return (last?.whole("kind enterprise guarantor declaration validFrom validUntil limit") ?? [:]).merging(
            Self.made([
                "secured": written(secured), "freed": written(sum(releases.filter { freed($0) != nil })),
                "left": written(secured.flatMap { sum in limit.map { max(0, $0.0 - sum) } }), "releases": rows,
                "freedReleases": releases.filter { freed($0) != nil }.sorted {
                    (freed($0) ?? 0, $0.position) < (freed($1) ?? 0, $1.position)
                }.map { $0.text("declaration") ?? "" }, "claims": [Object](), "overdue": overdue,
            ])
        ) { $1 }
    }

    var credit: Object {
        let all = steps.filter { $0.tags.contains(object) }
        let rated = all.filter { $0.type == "credit.rated" }
        let begun = rated.filter { ($0.text("from") ?? Self.day($0.recorded)) <= day }
        let valid = begun.filter { step in
            let last = begun.last { $0.agency == step.agency && $0.text("scheme") == step.text("scheme") }
            return last?.position == step.position && day <= step.text("until") ?? "9999"
        }
        let divergent = Set(valid.compactMap { $0.text("scheme") }).filter { scheme in
            Set(valid.filter { $0.text("scheme") == scheme }.compactMap { $0.text("rating") }).count > 1
        }.sorted()
        func rows(_ steps: [Step]) -> [Object] {
            steps.map { step in
                step.whole("kind scheme rating from until cause country inputs person").merging(
                    Self.made(["isDivergent": divergent.contains(step.text("scheme") ?? "") ? true : nil])
                ) { $1 }
            }
        }
        let violations = all.filter { $0.type == "violation.recorded" }
        return [
            "on": day, "ratings": rows(valid.filter { $0.text("kind") != "registration" }),
            "registrations": rows(valid.filter { $0.text("kind") == "registration" }), "divergent": divergent,
            "violations": violations.map { $0.whole("declaration published kind severity penalty person") },
            "published": violations.count { $0.data["published"] as? Bool ?? false },
        ]
    }

    var incidents: Object {
        let name = String(object.dropFirst("incident:".count))
        let all = steps.filter { $0.text("incident") == name }
        let first = all.first { $0.type == "incident.declared" }
        let said = all.filter { $0.type == "incident.declared" && $0.agency == first?.agency }
        var acknowledged: [Step] = []
        for step in all where step.type == "notice.acknowledged" && step.position > first?.position ?? .max {
            if !acknowledged.contains(where: { $0.agency == step.agency }) { acknowledged.append(step) }
        }
        let isClosed = said.last?.text("stage") == "closed"
        let participants = said.last { !$0.texts("participants").isEmpty }?.texts("participants") ?? []
        let outstanding = participants.filter { agency in !acknowledged.contains { $0.agency == agency } }
        func seconds(_ step: Step) -> Int {
            Int((step.recorded.microseconds - (first?.recorded.microseconds ?? 0)) / 1_000_000)
        }
        var row = Self.made([
            "state": first == nil ? "unknown" : isClosed ? "closed" : "open", "level": said.last?.text("level"),
            "opens": isClosed ? [] : said.last?.texts("opens") ?? [], "agency": first?.agency,
            "declared": first?.moment,
            "closed": isClosed ? said.last?.moment : nil, "participants": participants,
            "acknowledged": acknowledged.map { $0.whole("").merging(["seconds": seconds($0)]) { $1 } },
            "outstanding": outstanding,
        ])
        if let said = said.last { row.merge(said.fields("details")) { $1 } }
        if !participants.isEmpty, outstanding.isEmpty {
            row["secondsToAll"] = acknowledged.filter { participants.contains($0.agency) }.map(seconds).max()
        }
        return row
    }
}
