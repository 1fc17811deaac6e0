import EventLog
import Exchange
import Foundation

/// Receipts, made the simple way.
extension NaiveBoard {
    /// - Parameter file: The case file of the declaration, made the simple way.
    func receipts(_ file: NaiveCase) -> Object {
        let decisions: Set = [
            "declaration.accepted", "declaration.rejected", "declaration.reopened", "declaration.examined",
            "declaration.amended", "declaration.withdrawn", "document.requested", "information.requested",
            "inspection.notified", "inspection.completed", "hold.placed", "hold.lifted", "duty.assessed",
            "refund.decided",
            "permit.verified", "result.recognised", "recognition.revoked", "disposition.decided", "release.granted",
            "release.completed", "clearance.closed", "record.corrected",
        ]
        let own = steps.filter { step in
            step.tags.contains(object) && (step.text("declaration").map { "declaration:" + $0 == object } ?? true)
        }
        var rows: [(decision: Step?, notice: Step?, id: String, agency: String, type: String)] = []
        for step in own {
            if decisions.contains(step.type), step.text("stage") != "requested" {
                rows.append((step, nil, step.id, step.agency, step.type))
            } else if step.type == "notice.issued", let event = step.data["event"] as? Object {
                let (id, agency) = (event["id"] as? String ?? "", step.text("agency") ?? "")
                let type = String((step.text("type") ?? "").dropFirst(6))
                if let at = rows.lastIndex(where: { $0.id == id && $0.agency == agency && $0.type == type }) {
                    if rows[at].notice == nil { rows[at].notice = step }
                } else {
                    rows.append((nil, step, id, agency, type))
                }
            }
        }
        func outcome(_ row: (decision: Step?, notice: Step?, id: String, agency: String, type: String)) -> String? {
            if let told = row.notice?.text("outcome") { return told }
            let names = ["result", "condition", "decision", "stage"]
            return names.compactMap { row.decision?.text($0) }.first
        }
        let receipts = rows.map { row -> Object in
            let decided = row.decision?.recorded ?? row.notice?.text("decidedAt").flatMap { Timestamp($0) }
            var object: Object = ["agency": row.agency, "type": row.type, "id": row.id]
            object["outcome"] = outcome(row)
            object["decided"] = decided?.description
            object["position"] = row.decision?.position
            object["notified"] = row.notice?.moment
            if let notice = row.notice, let decided {
                object["lagSeconds"] = Int((notice.recorded.microseconds - decided.microseconds) / 1_000_000)
            }
            return object
        }
        let heard = rows.filter { $0.decision == nil }.compactMap { row in
            row.notice.map { (position: $0.position, type: row.type, outcome: $0.text("outcome")) }
        }
        let status = file.status(hearing: heard.sorted { $0.position < $1.position })
        let file = file.file
        var asked: [Object] = []
        let supplies = own.filter { $0.type == "document.supplied" }
        let acknowledged = Set(own.filter { $0.type == "notice.acknowledged" }.compactMap { $0.text("notice") })
        for row in rows {
            let at = row.decision?.position ?? row.notice?.position ?? 0
            let isSupplied = supplies.contains { step in
                guard let named = step.data["request"] as? Object else { return step.position > at }
                return named["id"] as? String == row.id
            }
            let index = rows.firstIndex { $0.id == row.id && $0.agency == row.agency && $0.type == row.type } ?? 0
            let isOver =
                ["withdrawn", "released", "cleared", "departed"].contains(status)
                || rows[index...].contains { $0.agency == row.agency && $0.type == "release.granted" }
            if ["document.requested", "information.requested"].contains(row.type), !isSupplied, !isOver {
                var request: Object = [
                    "what": row.type == "document.requested" ? "documents" : "information", "by": row.agency,
                    "reference": row.id,
                ]
                request["until"] = row.decision?.text("until")
                asked.append(request)
            }
            if let notice = row.notice, notice.data["acknowledge"] as? Bool ?? false,
                let name = notice.text("notice"), !acknowledged.contains(name)
            {
                asked.append(["what": "acknowledgement", "by": notice.agency, "reference": name])
            }
        }
        for duty in file["obligations"] as? [Object] ?? []
        where duty["kind"] as? String == "duty" && duty["state"] as? String == "open" {
            var request: Object = ["what": "duty", "reference": duty["reference"] ?? ""]
            request["until"] = duty["due"]
            asked.append(request)
        }
        var row: Object = [
            "status": status, "receipts": receipts, "asked": asked,
            "agencies": Dictionary(rows.map { ($0.agency, "\($0.type) \(outcome($0) ?? "")") }) { $1 },
            "untold": rows.count { $0.notice == nil },
        ]
        row["latest"] = receipts.last
        return row
    }
}
