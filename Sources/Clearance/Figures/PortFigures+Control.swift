internal import EventLog
internal import JSON

extension PortFigures {
    /// How goods and conveyances are controlled: S20–S22, S26, S28, S51–S54, S56, S62–S64.
    static let control: [Figure] = [
        Figure(
            "K07", "Joint inspections of those that could be", "联合查验率", "S20 S21 S22", .share, unit: "objects", of: nil
        ) {
            story, _, samples in
            let orders = story.all("inspection.ordered").filter { $0.texts("exclusions").isEmpty }
            guard Set(orders.map(\.agency)).count > 1, let last = orders.last else { return }
            let isJoint = story.all("inspection.notified").contains { Set($0.texts("participants")).count > 1 }
            samples.take(isJoint, at: story.port, last.moment)
        },
        Figure(
            "K07-openings", "Openings of a container", "单箱开箱次数", "S20 S22", .distribution, unit: "openings"
        ) { story, _, samples in
            var opened: [String: (times: Int64, last: Timestamp)] = [:]
            for step in story.all("inspection.started") {
                for container in Set(step.texts("opened")) {
                    opened[container] = ((opened[container]?.times ?? 0) + 1, step.moment)
                }
            }
            for (times, last) in opened.values { samples.take(value: times, at: story.port, last) }
        },
        Figure(
            "K07-boardings", "Boardings of a call", "单航次登临次数", "S21", .distribution, unit: "boardings",
            of: ["conveyance"]
        ) { story, _, samples in
            let boardings = story.all("inspection.started")
            for steps in Dictionary(grouping: boardings, by: { $0.text("voyage") ?? "" }).values {
                guard let last = steps.last else { continue }
                samples.take(value: Int64(steps.count), at: last.text("port") ?? story.port, last.moment)
            }
        },
        Figure(
            "K10", "Good results that were recognised", "监管结果互认率", "S28", .share, unit: "results", by: ["agency"]
        ) { story, _, samples in
            let revoked = Set(story.all("recognition.revoked").compactMap { $0.text("recognition") })
            let recognised = Set(
                story.all("result.recognised").filter { !revoked.contains($0.id) }.compactMap { $0.text("event") })
            for step in story.steps where isGood(step) {
                samples.take(recognised.contains(step.id), at: story.port, step.moment, step.agency)
            }
        },
        Figure(
            "K13", "Inspections that found something", "查获率", "S56", .share, unit: "inspections", of: nil,
            by: ["method"]
        ) { story, _, samples in
            for step in story.all("inspection.completed") {
                let method = step.text("method") ?? story.first("inspection.ordered")?.text("method") ?? "-"
                samples.take(step.text("result") == "finding", at: story.port, step.moment, method)
            }
        },
        Figure("K14", "Draws whose seed was revealed", "随机抽取公开率", "S51", .share, unit: "draws", of: ["draw"]) {
            story, _, samples in
            let stages = story.all("selection.drawn")
            guard let drawn = stages.first(where: { $0.text("stage") == "drawn" }) else { return }
            samples.take(stages.contains { $0.text("stage") == "revealed" }, at: story.port, drawn.moment)
        },
        Figure("K15", "One unit in two of selecting, inspecting, disposing", "选查处未分离", "S52", .count) {
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
            unit: "notices"
        ) { story, _, samples in
            for notice in story.all("inspection.notified") {
                let isRead = story.all("notice.acknowledged").contains { $0.position > notice.position }
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
                for finding in step.texts("findingIds") {
                    let isDisposed = dispositions.contains { disposition in
                        let meant = disposition.text("inspection")
                        return disposition.text("finding") == finding
                            && (meant == nil || step.text("inspection") == nil || meant == step.text("inspection"))
                    }
                    samples.take(!isDisposed, at: story.port, step.moment)
                }
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
