import Foundation

/// The state of a declaration, made the simple way: each part goes over all events again.
extension NaiveCase {
    var declaration: Object {
        let lodged = first("declaration.lodged")
        let parts = ["declaration", "flow", "office", "declarant", "importer", "exporter"]
        var file = Self.made(Dictionary(uniqueKeysWithValues: parts.map { ($0, lodged?.text($0)) }))
        file["status"] = status
        for (name, step) in [
            ("lodged", lodged), ("arrived", first("conveyance.arrived")), ("accepted", first("declaration.accepted")),
            ("released", first("release.completed")),
        ] {
            guard let step else { continue }
            file[name] = [
                "position": Int(step.position), "at": step.json["time"] ?? step.json["recorded"] ?? "",
            ]
        }
        file["requirements"] = requirements
        file["holds"] = holds
        file["obligations"] = obligations.map { $0.filter { $0.key != "standing" } }
        file["guarantees"] = own.filter { $0.type == "guarantee.lodged" }.compactMap { $0.text("guarantee") }.reduce(
            into: [String]()
        ) { if !$0.contains($1) { $0.append($1) } }
        file["permits"] = permits
        file["containers"] = related("container")
        file["enterprises"] = related("enterprise")
        file["declarations"] = others
        file["release"] = release
        return file
    }

    private func first(_ type: String) -> Step? { own.first { $0.type == type } }

    private func related(_ kind: String) -> [String] {
        var all: [String] = []
        for step in own where ["declaration.lodged", "declaration.amended"].contains(step.type) {
            for tag in step.tags where tag.hasPrefix(kind + ":") && tag != object {
                let value = String(tag.dropFirst(kind.count + 1))
                if !all.contains(value) { all.append(value) }
            }
        }
        return all
    }

    /// Other declarations, in the order in which they are named.
    private var others: [String] {
        var all: [String] = []
        for step in steps {
            var named: [String] = []
            if !step.isOwn { named = [step.text("declaration") ?? ""] }
            if step.isOwn, ["declaration.lodged", "declaration.amended"].contains(step.type) {
                named = step.tags.filter { $0.hasPrefix("declaration:") && $0 != object }.map {
                    String($0.dropFirst("declaration:".count))
                }
            }
            for number in named where !all.contains(number) { all.append(number) }
        }
        return all
    }

    var status: String { status(hearing: []) }

    /// - Parameter heard: Decisions that are known by notices alone.
    func status(hearing heard: [(position: Int, type: String, outcome: String?)]) -> String {
        /// Before which states an event has its effect; all others stay.
        func can(_ status: String, _ from: String) -> Bool { from.components(separatedBy: " ").contains(status) }
        var status = "unknown"
        var isAsked = false
        var untaken = heard[...]
        func hear(before position: Int) {
            while let next = untaken.first, next.position < position {
                untaken.removeFirst()
                switch (next.type, next.outcome) {
                case ("declaration.accepted", _) where can(status, "unknown lodged rejected"): status = "accepted"
                case ("declaration.rejected", "rejected") where can(status, "unknown lodged accepted"):
                    status = "rejected"
                case ("declaration.withdrawn", "granted"), ("declaration.withdrawn", "completed"): status = "withdrawn"
                case ("release.completed", _) where can(status, "unknown lodged accepted rejected"): status = "released"
                case ("clearance.closed", _) where can(status, "unknown lodged accepted rejected released"):
                    status = "cleared"
                default: break
                }
            }
        }
        for (index, step) in own.enumerated() {
            hear(before: Int(step.position))
            func deals() -> Bool {
                NaiveCase(object, steps: Array(own[..<index])).requirements.contains {
                    $0["agency"] as? String == step.agency
                }
            }
            switch (step.type, step.text("stage"), step.text("decision")) {
            case ("declaration.lodged", _, _) where can(status, "unknown rejected"): status = "lodged"
            case ("declaration.accepted", _, _) where can(status, "unknown lodged rejected"): status = "accepted"
            case ("declaration.rejected", _, _):
                let isWhole = step.text("concerns").map { $0 == "declaration" } ?? !isAsked
                if isWhole, can(status, "unknown lodged accepted") { status = "rejected" }
                isAsked = false
            case ("declaration.amended", let stage, _): isAsked = stage == "requested"
            case ("declaration.withdrawn", "requested", _): isAsked = true
            case ("declaration.withdrawn", "completed", _) where deals(),
                ("declaration.withdrawn", "decided", "granted") where deals():
                (status, isAsked) = ("withdrawn", false)
            case ("declaration.withdrawn", _, _): isAsked = false
            case ("release.completed", _, _) where can(status, "unknown lodged accepted rejected released"):
                status = "released"
            case ("clearance.closed", _, _) where can(status, "unknown lodged accepted rejected released cleared"):
                status = "cleared"
            case ("conveyance.departed", _, _) where status != "withdrawn" && step.text("declaration") != nil:
                status = "departed"
            default: break
            }
        }
        hear(before: .max)
        return status
    }

    /// Of each agency, the state it is in after its last event that matters.
    private var requirements: [Object] {
        var all: [Object] = []
        func set(_ agency: String, _ state: String, _ step: Step) {
            let condition = step.type == "release.granted" ? step.text("condition") : nil
            let new = Self.made([
                "agency": agency, "state": state, "since": Int(step.position), "because": step.type,
                "condition": condition,
            ])
            if let at = all.firstIndex(where: { $0["agency"] as? String == agency }) {
                all[at] = new
            } else {
                all.append(new)
            }
        }
        func state(_ agency: String) -> String? {
            all.first { $0["agency"] as? String == agency }?["state"] as? String
        }
        func open(_ agencies: [String], _ step: Step) {
            for agency in agencies where state(agency) != "open" { set(agency, "open", step) }
        }
        for step in own {
            let agency = step.agency
            switch step.type {
            case "declaration.accepted":
                if state(agency) == nil || state(agency) == "refused" { open([agency], step) }
            case "declaration.rejected":
                if step.text("concerns") != "request" { set(agency, "refused", step) }
            case "declaration.examined":
                if step.text("result") == "returned" { set(agency, "refused", step) }
                if step.text("result") == "inspection" { open([agency], step) }
            case "inspection.ordered", "document.requested": open([agency], step)
            case "inspection.notified":
                open(
                    step.isLong.contains("participants") ? ["?"] : step.fields["participants"] as? [String] ?? [], step)
            case "release.granted", "clearance.closed": set(agency, "granted", step)
            case "result.recognised":
                if state(agency) != "granted" { set(agency, "recognised", step) }
            case "recognition.revoked":
                let recognised = own.filter { other in
                    all.contains {
                        $0["state"] as? String == "recognised" && $0["since"] as? Int == Int(other.position)
                    }
                }
                for other in recognised where means(step, by: "recognition", other, among: recognised) {
                    set(agency, "open", step)
                }
            default: break
            }
        }
        return all
    }

    private init(_ object: String, steps: [Step]) {
        self.object = object
        self.steps = steps
    }

    private var obligations: [Object] {
        var all: [Object] = []
        var isCovered = false
        var early: [String: String] = [:]
        for step in own {
            func put(_ kind: String, _ reference: String, _ state: String) {
                let new = Self.made([
                    "kind": kind, "reference": reference, "state": state, "due": step.text("dueDate"),
                    "since": Int(step.position),
                ])
                let at = all.firstIndex { $0["kind"] as? String == kind && $0["reference"] as? String == reference }
                if let at { all[at] = new } else { all.append(new) }
            }
            func settle(_ kind: String, _ reference: String?, _ state: String) {
                for at in all.indices
                where all[at]["kind"] as? String == kind && all[at]["state"] as? String == "open"
                    && (reference == nil || all[at]["reference"] as? String == reference)
                {
                    all[at]["state"] = state
                    all[at]["since"] = Int(step.position)
                }
            }
            /// What comes before its bill counts when that comes.
            func note(_ state: String) {
                guard let bill = step.text("bill"),
                    !all.contains(where: { $0["kind"] as? String == "duty" && $0["reference"] as? String == bill })
                else { return }
                early[bill] = state
            }
            switch step.type {
            case "duty.assessed" where step.text("stage") != "payment-reminded":
                let bill = step.text("bill") ?? ""
                put("duty", bill, early.removeValue(forKey: bill) ?? (isCovered ? "guaranteed" : "open"))
            case "duty.paid":
                settle("duty", step.text("bill"), "paid")
                note("paid")
            case "guarantee.lodged":
                if step.text("bill") == nil { isCovered = true }
                settle("duty", step.text("bill"), "guaranteed")
                note("guaranteed")
            case "release.granted":
                switch step.text("condition") {
                case "test-pending": put("test", step.agency, "open")
                case nil, "none": settle("test", step.agency, "done")
                default: break
                }
            case "inspection.completed" where step.text("result") == "no-finding": settle("test", step.agency, "done")
            default: break
            }
        }
        return all
    }

    private var permits: [Object] {
        let dealt = own.filter {
            ["permit.verified", "permit.writtenoff"].contains($0.type) && $0.text("permit") != nil
        }
        let writeOffs = dealt.filter { $0.type == "permit.writtenoff" }
        let reversed = reversed(writeOffs)
        var names: [String] = []
        for step in own {
            var named: [String] = []
            if ["declaration.lodged", "declaration.amended"].contains(step.type) {
                named = step.tags.filter { $0.hasPrefix("permit:") }.map { String($0.dropFirst("permit:".count)) }
            } else if dealt.contains(where: { $0.position == step.position }) {
                named = [step.text("permit") ?? ""]
            }
            for name in named where !names.contains(name) { names.append(name) }
        }
        /// What was said last of a permit, of an item or as a whole.
        func verified(_ permit: String, _ item: Int?) -> String? {
            let last = dealt.last {
                $0.type == "permit.verified" && $0.text("permit") == permit && $0.number("item") == item
            }
            guard let last else { return nil }
            guard last.text("result") == "match" else { return "mismatched" }
            return last.fields["writeOff"] as? Bool == false ? "exempt" : "matched"
        }
        return names.flatMap { name -> [Object] in
            let whole = verified(name, nil)
            var items: [Int] = []
            for step in dealt where step.text("permit") == name {
                if let item = step.number("item"), !items.contains(item) { items.append(item) }
            }
            guard !items.isEmpty else { return [["permit": name, "state": whole ?? "declared"]] }
            return items.map { item in
                let counted = writeOffs.first {
                    $0.text("permit") == name && $0.number("item") == item && !reversed.contains($0.position)
                }
                let found = whole == "mismatched" ? whole : verified(name, item) ?? whole
                let state = found == "mismatched" ? "mismatched" : counted != nil ? "writtenOff" : found ?? "declared"
                return Self.made([
                    "permit": name, "item": item, "state": state, "quantity": counted?.number("quantity"),
                ])
            }
        }
    }

    /// What is missing, as kinds and names.
    var missing: [String] {
        func named(_ objects: [Object], _ name: String, _ states: Set<String>, _ kind: String) -> [String] {
            objects.filter { states.contains($0["state"] as? String ?? "") }.map {
                "\(kind) \($0[name] as? String ?? "")"
            }
        }
        var all: [String] = []
        if first("declaration.lodged") == nil { all.append("lodgement \(object)") }
        if status == "withdrawn" { all.append("withdrawal \(object)") }
        let isUnaccepted = status == "departed" && first("declaration.accepted") == nil
        if isUnaccepted || ["rejected", "unknown", "lodged"].contains(status) { all.append("acceptance \(object)") }
        for requirement in requirements {
            all += named([requirement], "agency", ["open"], "agency")
            all += named([requirement], "agency", ["refused"], "refusal")
        }
        all += holds.filter { $0["lifted"] == nil }.map { "hold \($0["id"] as? String ?? "")" }
        all += named(permits, "permit", ["declared", "matched", "mismatched"], "permit")
        all += named(obligations.filter { $0["kind"] as? String == "duty" }, "reference", ["open"], "duty")
        return all
    }

    private var release: Object {
        let isReleased = first("release.completed") != nil
        return [
            "isReleased": isReleased, "mayBeReleased": !isReleased && missing.isEmpty, "missing": missing,
        ]
    }
}
