internal import EventLog
internal import JSON

extension PortFigures {
    /// How goods get through: S01, S24, S25, S60, S75.
    static let clearance: [Figure] = [
        Figure(
            "K01", "Single-window use", "单一窗口应用率", "S07", .share, unit: "submissions",
            of: nil, by: ["business"]
        ) { story, _, samples in
            let lines = [
                ("declaration.lodged", "goods"), ("manifest.lodged", "manifest"), ("conveyance.declared", "conveyance"),
            ]
            for (type, business) in lines {
                for step in story.all(type) {
                    guard let channel = step.text("channel") else { continue }
                    samples.take(channel == "single-window", at: story.port, step.moment, business)
                }
            }
        },
        Figure("K02", "Declared once", "一次申报率", "S01", .share) { story, _, samples in
            guard let lodged = story.first("declaration.lodged") else { return }
            samples.take(story.all("declaration.lodged").count == 1, at: story.port, lodged.moment)
        },
        Figure(
            "K02-feedback", "Decisions told to the declarant", "执法结果反馈率", "S01", .share, unit: "decisions",
            by: ["agency"]
        ) { story, _, samples in
            guard story.has("declaration.lodged") else { return }
            let told = Set(story.all("notice.issued").compactMap { $0.text("event", "id") })
            for step in story.steps where decisions.contains(step.type) {
                samples.take(told.contains(step.id), at: story.port, step.moment, step.agency)
            }
        },
        Figure(
            "K02-lag", "From decision to the declarant's notice", "反馈时滞", "S01", .distribution, unit: "seconds"
        ) { story, _, samples in
            // The first notice of each decision; reminders tell nothing new.
            var told: Set<String> = []
            for notice in story.all("notice.issued") where !reminding.contains(notice.text("outcome") ?? "") {
                guard told.insert(notice.text("event", "id") ?? notice.id).inserted else { continue }
                samples.take(from: notice.time("decidedAt"), to: notice.moment, at: story.port)
            }
        },
        Figure("K08", "Three ones", "三个一达标率", "S24", .share) { story, _, samples in
            guard let release = story.first("release.completed") else { return }
            // One in which several agencies close their parts is one.
            let physical = Set(
                story.all("inspection.completed").filter { $0.texts("kinds").contains("physical") }
                    .map { $0.text("inspection") ?? $0.id }
            ).count
            let isOne =
                story.all("declaration.lodged").count == 1 && physical <= 1
                && story.all("release.completed").count == 1
            samples.take(isOne, at: story.port, release.moment)
        },
        Figure(
            "K09", "Parallelism", "并联执法度", "S25", .ratio, unit: "agency seconds per elapsed second"
        ) { story, _, samples in
            guard let release = story.first("release.completed") else { return }
            var (sum, first, last): (Int64, Int64, Int64) = (0, .max, .min)
            for agency in Set(story.all("release.granted").map(\.agency)) {
                let begun = story.steps.filter { $0.agency == agency && beginnings.contains($0.type) }.map(\.moment)
                    .min()
                let granted = story.all("release.granted").filter { $0.agency == agency }.map(\.moment).max()
                guard let begun, let granted, begun <= granted else { continue }
                let (start, end) = (begun.microseconds / 1_000_000, granted.microseconds / 1_000_000)
                sum += end - start
                (first, last) = (min(first, start), max(last, end))
            }
            guard last > first else { return }
            samples.take(sum, of: last - first, at: story.port, release.moment)
        },
        Figure("K17", "Declared before arrival", "提前申报率", "S60", .share, by: ["flow"]) { story, terms, samples in
            guard story.flow != "export", let release = story.first("release.completed"), let lodged = story.lodged,
                let arrived = terms.arrival(of: story)
            else { return }
            samples.take(lodged < arrived, at: story.port, release.moment, story.flow)
        },
        Figure(
            "K17-release", "From arrival to release, declared before and not inspected", "提前申报到港放行时间", "S60",
            .distribution, unit: "seconds"
        ) { story, terms, samples in
            guard let release = story.first("release.completed"), let lodged = story.lodged,
                let arrived = terms.arrival(of: story), lodged < arrived, !story.has("inspection.ordered")
            else { return }
            samples.take(from: arrived, to: release.moment, at: story.port)
        },
        Figure(
            "K22", "Overall clearance time", "整体通关时间", "S75", .distribution, unit: "seconds",
            by: ["channel", "transport", "flow"], policies: ["definition"], version: 2
        ) { story, terms, samples in
            guard let times = ClearanceDefinition.times(of: story, terms) else { return }
            let channel = story.all("risk.assessed").last?.text("channel") ?? "-"
            samples.take(from: times.start, to: times.end, at: times.port, channel, story.transport, times.flow)
        },
        Figure(
            "S50", "Goods inspected, by class of enterprise", "分类查验率", "S50", .share, by: ["class"]
        ) { story, terms, samples in
            guard let release = story.first("release.completed") else { return }
            let isInspected = story.all("inspection.completed").contains { $0.texts("kinds") != ["document"] }
            samples.take(isInspected, at: story.port, release.moment, terms.enterpriseClass(of: story))
        },
        Figure(
            "S50-time", "Overall clearance time, by class of enterprise", "分类通关时间", "S50", .distribution,
            unit: "seconds",
            by: ["class"], policies: ["definition"]
        ) { story, terms, samples in
            guard let times = ClearanceDefinition.times(of: story, terms) else { return }
            samples.take(from: times.start, to: times.end, at: times.port, terms.enterpriseClass(of: story))
        },
        Figure(
            "K22-early", "Released before the clock starts", "起点前已放行", "S75", .count, by: ["flow"],
            policies: ["definition"]
        ) { story, terms, samples in
            guard let times = ClearanceDefinition.times(of: story, terms), times.end < times.start else { return }
            samples.take(true, at: times.port, times.end, times.flow)
        },
        Figure(
            "K22-enterprise", "Enterprises' part of clearance time", "企业用时", "S75", .distribution, unit: "seconds",
            by: ["flow"], policies: ["definition"]
        ) { story, terms, samples in
            guard let times = ClearanceDefinition.times(of: story, terms), times.start <= times.end else { return }
            samples.take(value: enterpriseSeconds(story, times.start, times.end), at: times.port, times.end, times.flow)
        },
        Figure(
            "K22-agency", "Agencies' part of clearance time", "口岸部门用时", "S75", .distribution, unit: "seconds",
            by: ["flow"], policies: ["definition"]
        ) { story, terms, samples in
            guard let times = ClearanceDefinition.times(of: story, terms), times.start <= times.end else { return }
            let all = (times.end.microseconds - times.start.microseconds) / 1_000_000
            let enterprise = enterpriseSeconds(story, times.start, times.end)
            samples.take(value: all - enterprise, at: times.port, times.end, times.flow)
        },
        Figure(
            "K25", "Operations within their time limits", "作业时限达标率", "S73", .share, unit: "operations",
            by: ["operation"], policies: ["service-limit"]
        ) { story, terms, samples in
            for policy in terms.policies where policy.kind == "service-limit" {
                for limit in policy.data["limits"]?.elements ?? [] {
                    guard let operation = limit["operation"]?.string, let minutes = limit["minutes"]?.integer,
                        let start = limit["start"]?.string, let end = limit["end"]?.string,
                        let begun = story.moment(of: start), let done = story.moment(of: end), begun <= done
                    else { continue }
                    // The limit that was in force when it began.
                    let valid = terms.inForce("service-limit", on: begun, at: story.port)
                    guard valid.contains(where: { $0.position == policy.position }) else { continue }
                    let isInTime = done.microseconds - begun.microseconds <= minutes * 60_000_000
                    samples.take(isInTime, at: story.port, begun, operation)
                }
            }
        },
    ]

    /// Of which the declarant is to be told.
    private static let decisions: Set<String> = [
        "declaration.accepted", "declaration.rejected", "declaration.examined", "inspection.notified",
        "release.granted", "release.completed",
    ]

    /// Outcomes of notices that tell of a decision again.
    private static let reminding: Set<String> = ["reminder", "overdue", "payment-reminded"]

    /// By which an agency's part begins.
    private static let beginnings: Set<String> = [
        "declaration.accepted", "inspection.ordered", "document.requested", "risk.assessed",
    ]

    /// Of a time, the seconds in which the goods waited for the enterprise: until it declared, and between what it was asked for
    /// and supplied, each second once.
    private static func enterpriseSeconds(_ story: FigureStory, _ start: Timestamp, _ end: Timestamp) -> Int64 {
        var waits: [(from: Int64, to: Int64)] = []
        func wait(_ from: Timestamp, _ to: Timestamp) {
            let (from, to) = (max(from, start), min(to, end))
            if from < to { waits.append((from.microseconds, to.microseconds)) }
        }
        if let lodged = story.lodged { wait(start, lodged) }
        let supplied = story.all("document.supplied").map(\.moment).sorted()
        for asked in story.all("document.requested").map(\.moment) {
            if let given = supplied.first(where: { $0 >= asked }) { wait(asked, given) }
        }
        var (sum, reached): (Int64, Int64) = (0, .min)
        for wait in waits.sorted(by: { $0.from < $1.from }) where wait.to > reached {
            sum += wait.to - max(wait.from, reached)
            reached = wait.to
        }
        return sum / 1_000_000
    }
}
