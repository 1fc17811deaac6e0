internal import EventLog
internal import JSON

extension PortFigures {
    /// How goods and conveyances are controlled: S20–S22, S26, S28, S51–S54, S56, S62–S64.
    static let control: [Figure] = [
        Figure(
            "K07", "Joint inspections of those that could be", "联合查验率", "S20 S21 S22", .share, unit: "objects", of: nil
        ) {
            story, _, samples in
            for round in InspectionRound.rounds(of: story) {
                let orders = round.orders.filter { $0.texts("exclusions").isEmpty }
                guard Set(orders.map(\.agency)).count > 1, let last = orders.last else { continue }
                let isJoint = round.notices.contains { Set($0.texts("participants")).count > 1 }
                samples.take(isJoint, at: last.text("port") ?? story.port, last.moment)
            }
        },
        Figure(
            "K07-openings", "Openings of a container", "单箱开箱次数", "S20 S22", .distribution, unit: "openings"
        ) { story, _, samples in
            var opened: [String: (inspections: Set<String>, last: Timestamp)] = [:]
            for step in story.steps where ["inspection.started", "inspection.completed"].contains(step.type) {
                for container in step.texts("opened") {
                    opened[container, default: ([], step.moment)].inspections.insert(step.text("inspection") ?? step.id)
                    opened[container]?.last = step.moment
                }
            }
            for (inspections, last) in opened.values {
                samples.take(value: Int64(inspections.count), at: story.port, last)
            }
        },
        Figure(
            "K07-boardings", "Boardings of a call", "单航次登临次数", "S21", .distribution, unit: "boardings",
            of: ["conveyance"]
        ) { story, _, samples in
            let boardings = story.all("inspection.started")
            for steps in Dictionary(grouping: boardings, by: { $0.text("voyage") ?? "" }).values {
                guard let last = steps.last else { continue }
                // Those who board together board once.
                let times = Set(steps.map { $0.text("inspection") ?? $0.id }).count
                samples.take(value: Int64(times), at: last.text("port") ?? story.port, last.moment)
            }
        },
        Figure(
            "K10", "Good results that were recognised", "监管结果互认率", "S28", .share, unit: "results", by: ["agency"]
        ) { story, _, samples in
            let revoked = Set(story.all("recognition.revoked").compactMap { $0.text("recognition") })
            let recognitions = story.all("result.recognised").filter { !revoked.contains($0.id) }
            for step in story.steps where isGood(step) {
                // By another: who recognises its own does nothing new.
                let isRecognised = recognitions.contains {
                    $0.text("event") == step.id && !$0.isOf(step.agency) && !step.isOf($0.agency)
                }
                samples.take(isRecognised, at: story.port, step.moment, step.agency)
            }
        },
        Figure(
            "K13", "Inspections that found something", "查获率", "S56", .share, unit: "inspections", of: nil,
            by: ["method"]
        ) { story, _, samples in
            for step in story.all("inspection.completed") {
                let named = Set(step.texts("orders"))
                let orders = story.all("inspection.ordered").filter { order in
                    named.contains(order.text("order") ?? order.id) || named.contains(order.id)
                }
                let methods = Set(orders.compactMap { $0.text("method") }).sorted().joined(separator: "+")
                let method = step.text("method") ?? (methods.isEmpty ? "-" : methods)
                samples.take(step.text("result") == "finding", at: story.port, step.moment, method)
            }
        },
        Figure("K14", "Draws whose seed was revealed", "随机抽取公开率", "S51", .share, unit: "draws", of: ["draw"]) {
            story, _, samples in
            let stages = story.all("selection.drawn")
            guard let drawn = stages.first(where: { $0.text("stage") == "drawn" }) else { return }
            samples.take(stages.contains { $0.text("stage") == "revealed" }, at: story.port, drawn.moment)
        },
        Figure("K15-units", "One unit in two of selecting, inspecting, disposing", "选查处同一部门", "S52", .count) {
            story, _, samples in
            let offices = ["inspection.ordered", "inspection.started", "disposition.decided"].map { type in
                Set(story.all(type).compactMap { step in step.text("unit").map { [step.agency, $0] } })
            }
            let twice = offices[0].intersection(offices[1]).union(offices[0].intersection(offices[2])).union(
                offices[1].intersection(offices[2]))
            guard !twice.isEmpty, let last = story.steps.last else { return }
            for _ in twice { samples.take(true, at: story.port, last.moment) }
        },
        Figure("K16", "Released straight after the scan", "机检后直接放行率", "S54", .share, of: nil) { story, _, samples in
            guard let conclusion = story.all("image.reviewed").last(where: { $0.text("conclusion") != nil }) else {
                return
            }
            let isDirect = conclusion.text("conclusion") == "release" && !story.has("inspection.started")
            samples.take(isDirect, at: story.port, conclusion.moment)
        },
        Figure("K19", "Released before the test", "先放后检率", "S62", .share) { story, _, samples in
            guard let release = story.first("release.completed") else { return }
            let isPending = story.all("release.granted").contains { $0.text("condition") == "test-pending" }
            samples.take(isPending, at: story.port, release.moment)
        },
        Figure(
            "K19-days", "From release to the test's result", "先放后检出证时间", "S62", .distribution, unit: "seconds"
        ) { story, _, samples in
            let pending = story.all("release.granted").filter { $0.text("condition") == "test-pending" }
            for granted in pending {
                guard let test = story.all("lab.reported").first(where: { $0.position > granted.position }) else {
                    continue
                }
                samples.take(from: granted.moment, to: test.moment, at: story.port)
            }
        },
        Figure(
            "K19-failures", "Failed tests that were dealt with", "检测不合格处置率", "S62", .share, unit: "results"
        ) { story, _, samples in
            for test in story.all("lab.reported") where test.text("result") == "fail" {
                let isDone = story.all("disposition.decided").contains { $0.position > test.position }
                samples.take(isDone, at: story.port, test.moment)
            }
        },
        Figure(
            "K20", "From order to notice of inspection", "查验通知时滞", "S63", .distribution, unit: "seconds", of: nil
        ) { story, _, samples in
            for notice in story.all("inspection.notified") {
                let orders = Set(notice.texts("orders"))
                let meant = story.all("inspection.ordered").filter { order in
                    orders.isEmpty || order.text("order").map(orders.contains) ?? orders.contains(order.id)
                }
                samples.take(from: meant.map(\.moment).min(), to: notice.moment, at: story.port)
            }
        },
        Figure(
            "K20-acknowledged", "Notices of inspection that were acknowledged", "查验通知确认率", "S63", .share,
            unit: "notices", of: nil, version: 2
        ) { story, _, samples in
            for notice in story.all("inspection.notified") {
                let issued = story.all("notice.issued").filter { $0.text("event", "id") == notice.id }
                let names = Set([notice.text("inspection")] + issued.map { $0.text("notice") }).compactMap(\.self)
                let ids = Set([notice.id] + issued.map(\.id))
                let isRead = story.all("notice.acknowledged").contains { step in
                    step.position > notice.position
                        && (step.text("event", "id").map(ids.contains) ?? false
                            || step.text("notice").map(names.contains) ?? false)
                }
                samples.take(isRead, at: story.port, notice.moment)
            }
        },
        Figure(
            "K21", "Transshipped with whole seals and passed at once", "施封完好直接放行率", "S64", .share, unit: "moves",
            of: nil
        ) { story, _, samples in
            for move in story.all("equipment.moved") where move.text("move") == "transship" {
                samples.take(move.flag("direct") == true, at: move.text("port") ?? story.port, move.moment)
            }
        },
        Figure(
            "K27-findings", "Findings without a disposition", "查验发现未处置", "S26", .share, unit: "findings",
            of: nil
        ) { story, _, samples in
            // Findings are numbered within an inspection.
            let dispositions = story.all("disposition.decided")
            for step in story.all("inspection.completed") {
                func isMeant(_ disposition: FigureStep) -> Bool {
                    let meant = disposition.text("inspection")
                    return meant == nil || step.text("inspection") == nil || meant == step.text("inspection")
                }
                let findings = step.texts("findingIds")
                for finding in findings {
                    let isDisposed = dispositions.contains { $0.text("finding") == finding && isMeant($0) }
                    samples.take(!isDisposed, at: story.port, step.moment)
                }
                // One that has no number is still to be disposed of.
                guard findings.isEmpty, step.text("result") == "finding" else { continue }
                let isDisposed = dispositions.contains { $0.position > step.position && isMeant($0) }
                samples.take(!isDisposed, at: story.port, step.moment)
            }
        },
        Figure(
            "K27", "Dispositions without a valid item of a power list", "无有效权力事项的处置", "S90", .share,
            unit: "dispositions", of: nil, by: ["agency"], policies: ["power-list"]
        ) { story, terms, samples in
            for step in story.all("disposition.decided") {
                let items = terms.inForce("power-list", on: step.moment, at: story.port).flatMap {
                    $0.data["powers"]?.elements ?? []
                }
                let isValid = items.contains { item in
                    item["code"]?.string == step.text("powerItem") && item["act"]?.string == "sanhu.disposition.decided"
                        && item["agency"]?.string.map(step.isOf) ?? false
                }
                samples.take(!isValid, at: story.port, step.moment, step.agency)
            }
        },
        Figure(
            "S53", "Orders that name no cause and no draw", "无依据布控指令", "S53", .share, unit: "orders", of: nil,
            by: ["agency"]
        ) {
            story, _, samples in
            for order in story.all("inspection.ordered") {
                samples.take(
                    order.json("cause") == nil && order.json("draw") == nil, at: story.port, order.moment, order.agency)
            }
        },
        Figure("S23", "Images of which agencies judge otherwise", "一机两屏判读不一致", "S23", .share, unit: "images", of: nil) {
            story, _, samples in
            let images = Dictionary(grouping: story.all("image.reviewed"), by: { $0.text("image") ?? $0.id })
            for reviews in images.values {
                let verdicts = Set(reviews.filter { $0.text("conclusion") == nil }.compactMap { $0.text("verdict") })
                guard !verdicts.isEmpty, let last = reviews.last else { continue }
                samples.take(verdicts.count > 1, at: story.port, last.moment)
            }
        },
        Figure(
            "S33", "Ordered again by the same or a merged agency", "同一机构重复布控", "S33", .share, unit: "orders", of: nil
        ) {
            story, _, samples in
            for round in InspectionRound.rounds(of: story) {
                for (index, order) in round.orders.enumerated() {
                    let before = round.orders[..<index]
                    let isAgain = before.contains { earlier in
                        (order.isOf(earlier.agency) || earlier.isOf(order.agency))
                            && earlier.text("kind") == order.text("kind")
                    }
                    samples.take(isAgain, at: order.text("port") ?? story.port, order.moment)
                }
            }
        },
        Figure("S36", "Released by another office than that of the declaration", "异地放行率", "S36", .share) {
            story, _, samples in
            guard let release = story.first("release.completed"),
                let office = story.first("declaration.lodged")?.text("office")
            else { return }
            let offices = story.all("release.granted").compactMap { $0.text("office") }
            guard !offices.isEmpty else { return }
            samples.take(offices.contains { $0 != office }, at: story.port, release.moment)
        },
        Figure("S48", "Handed over, and acknowledged", "移送签收率", "S48", .share, unit: "hand-overs", of: nil) {
            story, _, samples in
            for step in story.all("disposition.decided") {
                guard let receiver = step.text("to") else { continue }
                let isTaken = story.all("notice.acknowledged").contains {
                    $0.position > step.position && $0.isOf(receiver)
                        && ($0.text("event", "id").map { $0 == step.id } ?? true)
                }
                samples.take(isTaken, at: story.port, step.moment)
            }
        },
        Figure("S42", "Channels of risk assessment", "风险分流", "S42", .count, by: ["channel"]) { story, _, samples in
            for step in story.all("risk.assessed") {
                samples.take(true, at: story.port, step.moment, step.text("channel") ?? "-")
            }
        },
    ]

    private static func isGood(_ step: FigureStep) -> Bool {
        step.type == "inspection.completed" && step.text("result") == "no-finding"
            || step.type == "lab.reported" && step.text("result") == "pass"
    }
}
