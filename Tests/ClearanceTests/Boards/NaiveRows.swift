import EventLog
import Foundation

/// The boards beside inspections and receipts, made the simple way.
extension NaiveBoard {
    var inbox: Object {
        guard let position = Int(object.dropFirst("assistance:".count)),
            let request = of("assistance.requested").first(where: { $0.position == position })
        else { return ["state": "unknown", "asked": [String](), "answers": [Object]()] }
        let over = request.text("deadline").flatMap { Timestamp($0) }.map { $0 < now } ?? false
        let asked = request.texts("asked")
        let acknowledged = of("notice.acknowledged").filter { step in
            let named = step.data["event"] as? Object
            return step.data["incident"] == nil && named?["id"] as? String == request.id
                && named?["source"] as? String == request.source && asked.contains(step.agency)
                && !["received", "read"].contains(step.text("stage"))
        }
        let outstanding = asked.filter { agency in !acknowledged.contains { $0.agency == agency } }
        let firsts = asked.compactMap { agency in acknowledged.first { $0.agency == agency }?.recorded }
        let deadline = request.text("deadline").flatMap { Timestamp($0) }
        let isInTime = outstanding.isEmpty ? deadline.flatMap { end in firsts.max().map { $0 <= end } } : nil
        return request.whole("kind case action deadline subject").merging(
            Self.made([
                "state": outstanding.isEmpty ? "answered" : over ? "overdue" : "open", "asked": asked,
                "answers": [Object](), "acknowledged": acknowledged.map { $0.whole("stage party") },
                "outstanding": outstanding, "isInTime": isInTime,
            ])
        ) { $1 }
    }

    var risk: Object {
        func names(_ step: Step) -> Bool {
            let (kind, value) = (String(object.prefix { $0 != ":" }), String(object.drop { $0 != ":" }.dropFirst()))
            return step.text(kind) == value
        }
        let flags = of("risk.flagged").filter(names)
        func cleared(_ flag: Step) -> Step? {
            of("risk.cleared").first { step in
                let kinds = ["declaration", "container", "enterprise", "conveyance", "person"]
                return step.text("flag") == flag.id && step.agency == flag.agency && step.position > flag.position
                    && (names(step) || kinds.allSatisfy { step.text($0) == nil })
            }
        }
        func state(_ flag: Step) -> String {
            if let outcome = cleared(flag)?.text("outcome") { return outcome }
            return flag.text("expires").flatMap { Timestamp($0) }.map { $0 < now } ?? false ? "expired" : "standing"
        }
        let isInspected = ["declaration:", "container:", "conveyance:"].contains(where: object.hasPrefix)
        let inspected = isInspected ? inspected : (row: [:], orders: [], isTwice: false)
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
            "orders": inspected.orders.map { $0.whole("order kind method cause place port") },
            "isOrderedTwice": inspected.isTwice,
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
