internal import EventLog
internal import JSON

extension PortFigures {
    /// Permits, money, assistance, safety: S04, S17, S18, S37, S40, S43, S44, S61, S80, S81.
    static let sharing: [Figure] = [
        Figure(
            "K05", "From request to decision on disclosure", "披露审批用时", "S04", .distribution, unit: "seconds",
            of: ["disclosure"], by: ["owner"], hasPort: false
        ) { story, _, samples in
            guard let request = story.first("disclosure.requested"), let decided = story.first("disclosure.decided")
            else {
                return
            }
            samples.take(from: request.moment, to: decided.moment, at: "-", request.text("owner") ?? "-")
        },
        Figure(
            "K05-reasons", "Refusals that give a reason", "拒绝披露说明理由率", "S04", .share, unit: "refusals",
            of: ["disclosure"], hasPort: false
        ) { story, _, samples in
            for step in story.all("disclosure.decided") where step.text("outcome") != "granted" {
                samples.take(!step.texts("reasons").isEmpty, at: "-", step.moment)
            }
        },
        Figure(
            "K11", "Permits that matched by machine", "许可证件自动比对率", "S37", .share, unit: "verifications", of: nil
        ) { story, _, samples in
            for step in story.all("permit.verified") {
                samples.take(
                    step.flag("automatic") == true && step.text("result") == "match", at: story.port, step.moment)
            }
        },
        Figure("K11-double", "Written off twice", "重复核销", "S37", .count, unit: "write-offs") { story, _, samples in
            let wrong = Set(story.all("record.corrected").compactMap { $0.text("event") })
            var known: Set<[String]> = []
            for step in story.all("permit.writtenoff") where !wrong.contains(step.id) {
                let item = step.json("item").map { String(decoding: $0, as: UTF8.self) } ?? ""
                if !known.insert([step.text("permit") ?? "", item]).inserted {
                    samples.take(true, at: story.port, step.moment)
                }
            }
        },
        Figure(
            "K12", "Assistance answered in time", "执法互助按时答复率", "S40", .share, unit: "requests",
            of: ["assistance", "request"], by: ["kind", "pair"], hasPort: false, version: 2
        ) { story, terms, samples in
            guard let request = story.first("assistance.requested"), let deadline = request.time("deadline") else {
                return
            }
            let answer = answered(story, request)
            // One that may still be answered in time counts for neither.
            guard answer != nil || terms.now > deadline else { return }
            let asked =
                request.texts("asked").isEmpty
                ? request.text("owner") ?? "-" : request.texts("asked").sorted().joined(separator: "+")
            samples.take(
                answer.map { $0 <= deadline } ?? false, at: "-", request.moment, request.text("kind") ?? "-",
                "\(request.agency)>\(asked)")
        },
        Figure(
            "K18", "Released before duty was paid", "先放行后缴税率", "S61", .share
        ) { story, _, samples in
            guard let release = story.first("release.completed"), story.has("duty.assessed") else { return }
            let paid = story.all("duty.paid").filter { $0.position < release.position }
            let bills = Set(story.all("duty.assessed").map { $0.text("bill") })
            // A payment that names no bill is of the one there is.
            let isPaid = bills.allSatisfy { bill in
                paid.contains {
                    $0.text("bill") == bill || (($0.text("bill") == nil || bill == nil) && bills.count == 1)
                }
            }
            samples.take(!isPaid, at: story.port, release.moment)
        },
        Figure("K18-overdue", "Duties overdue", "逾期未缴税单", "S61", .share, unit: "bills") { story, terms, samples in
            var bills: [String: (due: String, since: FigureStep)] = [:]
            for step in story.all("duty.assessed") {
                guard let due = step.text("dueDate") else { continue }
                bills[step.text("bill") ?? ""] = (due, step)
            }
            for (bill, assessed) in bills {
                let paid = story.all("duty.paid").first { ($0.text("bill") ?? bill) == bill }
                let day = paid.map { $0.text("paidOn") ?? PortRules.day(of: $0.moment) } ?? PortRules.day(of: terms.now)
                samples.take(day.prefix(10) > assessed.due.prefix(10), at: story.port, assessed.since.moment)
            }
        },
        Figure(
            "K26", "Charges that are on no list", "清单外收费", "S80", .share, unit: "charges", of: nil, by: ["agency"],
            policies: ["fee-list"]
        ) { story, terms, samples in
            for step in story.all("fee.charged") where step.flag("waived") != true {
                let port = step.text("port") ?? story.port
                let isListed = terms.feeLists(of: step.agency, on: step.moment, at: port).contains { policy in
                    (policy.data["fees"]?.elements ?? []).contains { $0["code"]?.string == step.text("code") }
                }
                samples.take(!isListed, at: port, step.moment, step.agency)
            }
        },
        Figure(
            "K26-waived", "Charges waived", "免除收费", "S81", .share, unit: "charges", of: nil, by: ["waiver"]
        ) { story, _, samples in
            for step in story.all("fee.charged") {
                samples.take(
                    step.flag("waived") == true, at: step.text("port") ?? story.port, step.moment,
                    step.text("waiver") ?? "-")
            }
        },
        Figure(
            "S17", "Enterprises with several ratings of a scheme", "资信评价不一致", "S17", .share, unit: "enterprises",
            of: ["enterprise"], by: ["scheme"], hasPort: false, version: 2
        ) { story, terms, samples in
            let day = PortRules.day(of: terms.now)
            let schemes = Dictionary(grouping: story.all("credit.rated"), by: { $0.text("scheme") ?? "-" })
            for (scheme, steps) in schemes {
                guard let last = steps.last else { continue }
                // The newest of each agency, or of the one that it has become, if it holds today.
                let newest = steps.enumerated().filter { index, step in
                    !steps[(index + 1)...].contains { $0.isOf(step.agency) }
                }.map(\.element)
                let valid = newest.filter { step in
                    step.text("from").map { $0.prefix(10) <= day } ?? true
                        && step.text("until").map { day < $0.prefix(10) } ?? true
                }
                guard !valid.isEmpty else { continue }
                samples.take(Set(valid.map { $0.text("rating") ?? "-" }).count > 1, at: "-", last.moment, scheme)
            }
        },
        Figure("S18", "Violations that are published", "违法信息公开率", "S18", .share, unit: "violations", of: nil) {
            story, _, samples in
            for step in story.all("violation.recorded") {
                samples.take(step.flag("published") == true, at: story.port, step.moment)
            }
        },
        Figure(
            "S43-holds", "Holds placed", "暂扣措施", "S43", .count, unit: "holds", of: nil, by: ["agency", "reason"]
        ) { story, _, samples in
            for step in story.all("hold.placed") {
                samples.take(true, at: story.port, step.moment, step.agency, step.text("reasonClass") ?? "-")
            }
        },
        Figure(
            "S44", "Incidents", "突发事件", "S44", .count, unit: "incidents", of: ["incident"], by: ["level", "exercise"]
        ) { story, _, samples in
            guard let declared = story.first("incident.declared") else { return }
            let exercise = declared.flag("exercise") == true ? "exercise" : "real"
            let ports = declared.texts("ports")
            for port in Set(ports.isEmpty ? ["-"] : ports) {
                samples.take(true, at: port, declared.moment, declared.text("level") ?? "-", exercise)
            }
        },
        Figure(
            "S44-acknowledged", "From incident until all have acknowledged", "全员确认用时", "S44", .distribution,
            unit: "seconds", of: ["incident"], version: 2
        ) { story, _, samples in
            guard let declared = story.first("incident.declared") else { return }
            let asked = Set(declared.texts("participants"))
            var first: [String: Timestamp] = [:]
            for step in story.all("notice.acknowledged") {
                for agency in asked where step.isOf(agency) {
                    first[agency] = min(first[agency] ?? step.moment, step.moment)
                }
            }
            guard !asked.isEmpty, first.count == asked.count, let last = first.values.max() else { return }
            let ports = Set(declared.texts("ports"))
            for port in ports.isEmpty ? ["-"] : ports { samples.take(from: declared.moment, to: last, at: port) }
        },
    ]

    /// When a request was answered: by the one that owns what is asked for, or, if it asks to act, when the last of those who
    /// are asked has said more than that it has it.
    private static func answered(_ story: FigureStory, _ request: FigureStep) -> Timestamp? {
        let asked = request.texts("asked")
        // By when it was recorded: who answers writes the other time itself.
        guard !asked.isEmpty else { return story.first("assistance.answered")?.recorded }
        let answers = asked.map { agency in
            story.all("notice.acknowledged").first { step in
                step.isOf(agency) && !["received", "read"].contains(step.text("stage") ?? "")
            }?.recorded
        }
        let known = answers.compactMap(\.self)
        return known.count == answers.count ? known.max() : nil
    }
}
