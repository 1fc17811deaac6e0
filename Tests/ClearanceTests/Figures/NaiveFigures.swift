import Clearance
import EventLog
import Foundation
import JSON

/// Some figures, from the entries of the log one by one: plain dictionaries, dates by Foundation, nothing of the view.
///
/// What comes out is a figure's rows as text: the labels of a group, then hits and count, or values with how often each came.
struct NaiveFigures {
    private struct Event {
        let type: String
        let agency: String
        let id: String
        let time: Double
        let data: [String: Any]

        func text(_ name: String) -> String? { data[name] as? String }
        func texts(_ name: String) -> [String] { data[name] as? [String] ?? [] }
    }

    private var sums: [String: [String: (Int, Int)]] = [:]
    private var values: [String: [String: [Int: Int]]] = [:]
    private let zone = TimeZone(secondsFromGMT: 8 * 3_600) ?? .gmt

    init(_ entries: [Entry]) throws {
        var stories: [String: [Event]] = [:]
        var calls: [String: [(String?, Double, String?)]] = [:]
        var now = 0.0
        for entry in entries {
            now = Double(entry.recorded.microseconds) / 1e6
            guard let root = try JSONSerialization.jsonObject(with: Data(entry.bytes)) as? [String: Any],
                let event = root["event"] as? [String: Any], let data = event["data"] as? [String: Any]
            else { continue }
            let time = (event["time"] as? String).map(Self.moment) ?? now
            let one = Event(
                type: (event["type"] as? String ?? "").replacing("sanhu.", with: ""),
                agency: root["agency"] as? String ?? "", id: event["id"] as? String ?? "", time: time, data: data)
            if let declaration = one.text("declaration") {
                stories[declaration, default: []].append(one)
            } else if one.type == "conveyance.arrived", let conveyance = one.text("conveyance") {
                calls[conveyance, default: []].append((one.text("voyage"), time, one.text("port")))
            }
        }
        for story in stories.values { take(story, calls, now) }
    }

    private static func moment(_ text: String) -> Double {
        ((try? Date(text, strategy: .iso8601)) ?? .distantPast).timeIntervalSince1970
    }

    private func day(_ time: Double) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: time))
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }

    private mutating func share(_ code: String, _ isHit: Bool, _ port: String, _ time: Double, _ labels: String...) {
        let group = ([port, String(day(time).prefix(7))] + labels).joined(separator: "/")
        let old = sums[code]?[group] ?? (0, 0)
        sums[code, default: [:]][group] = (old.0 + (isHit ? 1 : 0), old.1 + 1)
    }

    private mutating func value(_ code: String, _ value: Int, _ port: String, _ time: Double, _ labels: String...) {
        let group = ([port, String(day(time).prefix(7))] + labels).joined(separator: "/")
        values[code, default: [:]][group, default: [:]][value, default: 0] += 1
    }

    private mutating func take(_ story: [Event], _ calls: [String: [(String?, Double, String?)]], _ now: Double) {
        func all(_ type: String) -> [Event] { story.filter { $0.type == type } }
        let lodgements = all("declaration.lodged")
        let (lodged, release) = (lodgements.first, all("release.completed").first)
        let port =
            lodged?.text("port") ?? release?.text("port") ?? story.compactMap { $0.text("port") }.first ?? "-"
        let flow = lodged?.text("flow") ?? release?.text("flow") ?? "-"
        if let lodged { share("K02", lodgements.count == 1, port, lodged.time) }
        for each in lodgements where each.text("channel") != nil {
            share("K01", each.text("channel") == "single-window", port, each.time, "goods")
        }
        if let release { released(story, lodged, release, calls, port, flow) }
        for each in all("permit.verified") {
            share("K11", each.data["automatic"] as? Bool == true && each.text("result") == "match", port, each.time)
        }
        let wrong = Set(all("record.corrected").compactMap { $0.text("event") })
        var written: Set<String> = []
        for each in all("permit.writtenoff") where !wrong.contains(each.id) {
            let item = "\(each.text("permit") ?? "") \(each.data["item"] ?? "")"
            if written.contains(item) { share("K11-double", true, port, each.time) }
            written.insert(item)
        }
        for each in all("inspection.completed") {
            let orders = all("inspection.ordered").filter { each.texts("orders").contains($0.id) }
            let methods = Set(orders.compactMap { $0.text("method") }).sorted().joined(separator: "+")
            let method = each.text("method") ?? (methods.isEmpty ? "-" : methods)
            share("K13", each.text("result") == "finding", port, each.time, method)
        }
        for each in all("risk.assessed") { share("S42", true, port, each.time, each.text("channel") ?? "-") }
        for each in all("inspection.ordered") { share("S53", each.text("cause") == nil, port, each.time, each.agency) }
        for each in all("hold.placed") {
            share("S43-holds", true, port, each.time, each.agency, each.text("reasonClass") ?? "-")
        }
        for each in all("fee.charged") {
            share(
                "K26-waived", each.data["waived"] as? Bool == true, each.text("port") ?? port, each.time,
                each.text("waiver") ?? "-")
        }
        var bills: [String: (String, Double)] = [:]
        for each in all("duty.assessed") { bills[each.text("bill") ?? ""] = (each.text("dueDate") ?? "", each.time) }
        for (bill, (due, since)) in bills {
            let paid = all("duty.paid").first { $0.text("bill") ?? bill == bill }
            share("K18-overdue", (paid?.text("paidOn") ?? day(paid?.time ?? now)) > due, port, since)
        }
    }

    private mutating func released(
        _ story: [Event], _ lodged: Event?, _ release: Event, _ calls: [String: [(String?, Double, String?)]],
        _ port: String,
        _ flow: String
    ) {
        func all(_ type: String) -> [Event] { story.filter { $0.type == type } }
        let closed = all("inspection.completed").filter { $0.texts("kinds").contains("physical") }
        let physical = Set(closed.map { $0.text("inspection") ?? $0.id }).count
        let lodgements = all("declaration.lodged").count
        share(
            "K08", lodgements == 1 && physical < 2 && all("release.completed").count == 1, port, release.time)
        let isPending = all("release.granted").contains { $0.text("condition") == "test-pending" }
        share("K19", isPending, port, release.time)
        let before = story.prefix { $0.type != "release.completed" }
        if !all("duty.assessed").isEmpty {
            let bills = Set(all("duty.assessed").map { $0.text("bill") })
            let paid = before.filter { $0.type == "duty.paid" }.map { $0.text("bill") }
            let open = bills.filter { bill in !paid.contains(bill) && !(bills.count == 1 && paid.contains(nil)) }
            share("K18", !open.isEmpty, port, release.time)
        }
        let own = all("conveyance.arrived").map(\.time).min()
        var called: Double?
        if let lodged, let all = calls[lodged.text("conveyance") ?? ""] {
            let there = all.filter { $0.2 == nil || lodged.text("port") == nil || $0.2 == lodged.text("port") }
            let times = there.map { $0.1 }.sorted()
            if let voyage = lodged.text("voyage") {
                called = there.filter { $0.0 == voyage }.map { $0.1 }.sorted().first
            } else if lodged.data["preLodged"] as? Bool == true {
                called = times.first { $0 > lodged.time } ?? times.last
            } else {
                called = times.last { $0 <= lodged.time } ?? times.first
            }
        }
        let yard = all("equipment.moved").filter { $0.text("move") == "gate-in" }.map(\.time).min()
        let arrived = flow == "export" ? yard : own ?? called ?? release.text("arrivedAt").map(Self.moment)
        if let lodged, let arrived, flow != "export" { share("K17", lodged.time < arrived, port, release.time, flow) }
        guard let start = arrived else { return }
        let channel = all("risk.assessed").last?.text("channel") ?? "-"
        if start > release.time {
            share("K22-early", true, port, release.time, flow)
        } else {
            let mode = lodged?.text("transportMode") ?? "-"
            value("K22", Int(release.time - start), port, release.time, channel, mode, flow)
        }
    }

    static let codes = [
        "K01", "K02", "K08", "K11", "K11-double", "K13", "K17", "K18", "K18-overdue", "K19", "K22", "K22-early",
        "K26-waived", "S42", "S43-holds", "S53",
    ]

    /// The rows of a figure as text, sorted.
    func rows(_ code: String) -> [String] {
        let shares = sums[code]?.map { "\($0.key): \($0.value.0) of \($0.value.1)" } ?? []
        let times = values[code]?.map { group, values in
            "\(group): " + values.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: " ")
        }
        return (shares + (times ?? [])).sorted()
    }

    /// The rows of a table in the same words.
    static func rows(_ table: FigureTable) -> [String] {
        table.rows.map { row in
            let group = ([row.group.port, row.group.month] + row.group.labels).joined(separator: "/")
            let measure = row.measure
            guard table.figure.form == .distribution else { return "\(group): \(measure.hits) of \(measure.count)" }
            let values = measure.values.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }
            return "\(group): " + values.joined(separator: " ")
        }.sorted()
    }
}
