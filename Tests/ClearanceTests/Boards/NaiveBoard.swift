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

    static func made(_ members: [String: Any?]) -> Object { members.compactMapValues { $0 } }
    static func distinct(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    func of(_ type: String) -> [Step] { steps.filter { $0.type == type } }

    // MARK: Inspections

    var inspections: Object { inspected.row }

    /// Inspections, with the orders that were not taken back, and whether two of them should be one.
    var inspected: (row: Object, orders: [Step], isTwice: Bool) {
        let all = steps.filter { $0.tags.contains(object) }
        let given = all.filter { $0.type == "inspection.ordered" }
        let orders = given.filter { order in
            !given.contains {
                $0.position > order.position && $0.agency == order.agency && $0.text("order") != nil
                    && $0.text("order") == order.text("order")
            }
        }
        let parts = all.filter {
            ["inspection.notified", "inspection.started", "inspection.completed"].contains($0.type)
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
        var groups: [[Step]] = []
        for part in parts {
            if let id = part.text("inspection"), let at = groups.firstIndex(where: { $0[0].text("inspection") == id }) {
                groups[at].append(part)
            } else if part.text("inspection") == nil, part.type != "inspection.notified",
                let at = groups.lastIndex(where: { group in
                    group.contains { $0.type == "inspection.notified" }
                        && !Set(names(group, "orders")).isDisjoint(with: part.texts("orders"))
                })
            {
                groups[at].append(part)
            } else {
                groups.append([part])
            }
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
        func participants(_ group: [Step]) -> [String] {
            said(group).last { !$0.texts("participants").isEmpty }?.texts("participants")
                ?? Set(said(group).map(\.agency)).sorted()
        }
        func means(_ group: [Step], _ order: Step) -> Bool {
            let isTheirs = (participants(group) + said(group).map(\.agency)).contains(order.agency)
            let names = names(group, "orders")
            guard !names.isEmpty else { return isTheirs && said(group).contains { $0.position > order.position } }
            return isTheirs && names.contains(order.text("order") ?? order.id)
        }
        func isBegun(_ group: [Step]) -> Bool { group.contains { $0.type != "inspection.notified" } }
        func isCancelled(_ order: Step) -> Bool { order.text("status") == "cancelled" }
        let open = orders.filter { order in
            !isCancelled(order) && order.texts("exclusions").isEmpty && order.text("kind") != "document"
                && !groups.contains { means($0, order) && isBegun($0) }
        }
        let isTwice = open.contains { order in
            open.contains { other in
                other.position > order.position
                    && (other.agency == order.agency || !groups.contains { means($0, order) && means($0, other) })
            }
        }
        let inspections = groups.map { group in
            let notified = group.last { $0.type == "inspection.notified" }
            let participants = participants(group)
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
                let all = groups.filter { means($0, order) }
                let by = all.first(where: isBegun) ?? all.first
                return order.whole("order kind containers from to exclusions method cause place port").merging(
                    Self.made([
                        "inspection": by?[0].text("inspection"), "isCarriedOut": by.map(isBegun) ?? false,
                        "isCancelled": isCancelled(order) ? true : nil,
                    ])
                ) { $1 }
            },
            "inspections": inspections,
            "openings": Dictionary(opened.map { ($0, 1) }, uniquingKeysWith: +), "outstanding": outstanding,
        ])
        let others = dispositions.filter { !known.contains($0.position) }
        if !others.isEmpty { row["otherDispositions"] = others.map(disposition) }
        if object.hasPrefix("conveyance:") {
            row["boardings"] = groups.count(where: isBegun)
        }
        return (row, orders.filter { !isCancelled($0) }, isTwice)
    }
}
