/// Duty, releases, and what is still owed after them.
extension SamplePlot {
    /// Duty is assessed, and paid or secured. Nil for a guarantee if there is none.
    mutating func tellDuty(of shipment: SampleShipment, after cleared: Int) -> (last: Int, guarantee: String?) {
        let (duty, tax) = shipment.duty
        let (bill, due) = (shipment.billOfDuty, time(cleared) + 15 * SampleTime.day)
        let assessed = tell("duty.assessed", .customs, 2...20, after: cleared) { data in
            data.tag("declaration", shipment.number)
            data.text("bill", bill)
            data.text("stage", "assessed")
            data.day("dueDate", due)
            data.object("amounts") { data in
                data.decimal("duty", duty)
                data.decimal("vat", tax)
                data.text("currency", "CNY")
            }
            data.acting(.documents, .assessDuty)
        }
        guard [.guaranteed, .claimed].contains(shipment.script) else {
            return (tellPayment(of: shipment, 5...240, after: assessed, guarantee: nil), nil)
        }
        let guarantee = "G-\(time(assessed).date.year)-\(shipment.trader.code)"
        let year = "\(time(assessed).date.year)"
        let secured = tell("guarantee.lodged", .insurer, 2...30, after: assessed) { data in
            data.tag("guarantee", guarantee)
            data.tag("declaration", shipment.number)
            data.text("bill", bill)
            data.tag("enterprise", shipment.trader.code)
            data.text("kind", "customs-duty-insurance")
            data.text("guarantor", data.agency.rawValue)
            data.text("validFrom", year + "-01-01")
            data.text("validUntil", year + "-12-31")
            data.money("limit", 50_000_000_000)
        }
        return (secured, guarantee)
    }

    private mutating func tellPayment(
        of shipment: SampleShipment, _ minutes: ClosedRange<Int>, after cause: Int, guarantee: String?
    ) -> Int {
        let (paidAt, sum) = (time(cause) + some(minutes), shipment.duty.duty + shipment.duty.tax)
        return tell("duty.paid", .treasury, at: paidAt, after: cause) { data in
            data.tag("declaration", shipment.number)
            data.text("bill", shipment.billOfDuty)
            data.day("paidOn", paidAt)
            data.tag("guarantee", ifAny: guarantee)
            data.object("amounts") { data in
                data.decimal("paid", sum)
                data.text("currency", "CNY")
                data.text("account", "6222 0001")
            }
        }
    }

    /// Each agency's release, and the one that they add up to: not before the goods are on the quay.
    ///
    /// - Returns: The numbers of the agencies' releases and of the port's.
    mutating func tellRelease(
        of shipment: SampleShipment, after cause: Int, since quay: SampleTime, guarantee: String? = nil,
        arrived: SampleTime?, lodged: SampleTime
    ) -> (grants: [Int], completed: Int) {
        let ready = max(time(cause), quay)
        var (last, grants): (Int, [Int]) = (cause, [])
        let sum = shipment.duty.duty + shipment.duty.tax
        for (index, agency) in shipment.releasers(at: ready + 40 * SampleTime.minute).enumerated() {
            let condition: String? = [.tested, .failed].contains(shipment.script) ? "test-pending" : nil
            let own = index == 0 ? guarantee : nil
            let granted = tell("release.granted", agency, at: ready + some(2...35), after: last) { data in
                data.tag("declaration", shipment.number)
                data.text("office", data.agency.office(at: data.port))
                data.text("condition", own == nil ? condition ?? "none" : "guarantee")
                if let own {
                    data.tag("guarantee", own)
                    data.money("secured", sum)
                    data.texts("bills", [shipment.billOfDuty])
                    data.text("terms", "Pay when it is due.")
                }
                for container in shipment.containers { data.found("container", container) }
                data.acting(.documents, .release)
            }
            grants.append(granted)
            if known(granted) >= known(last) { last = granted }
        }
        return (grants, tellCompletion(of: shipment, grants, after: last, arrived: arrived, lodged: lodged))
    }

    /// The port's one release, and that it is fed back.
    mutating func tellCompletion(
        of shipment: SampleShipment, _ grants: [Int], after last: Int, arrived: SampleTime?, lodged: SampleTime
    ) -> Int {
        let (ids, agencies) = (grants.map(id), grants.map { steps[$0].agency })
        let completed = tell("release.completed", .singleWindow, 1...2, after: last, role: .concluded) { data in
            data.tag("declaration", shipment.number)
            for container in shipment.containers { data.found("container", container) }
            data.texts("grants", ids)
            data.agencies("agencies", agencies)
            data.text("port", shipment.port.customsOffice)
            data.text("flow", shipment.flow)
            if let arrived { data.time("arrivedAt", arrived) }
            data.time("lodgedAt", lodged)
        }
        guard let last = grants.last else { return completed }
        let (event, decided, agency) = (reference(last), time(last), steps[last].agency)
        tell("notice.issued", .singleWindow, 0...1, after: last, role: .concluded) { data in
            data.tag("notice", "N-" + event.id)
            data.tag("declaration", shipment.number)
            data.reference("event", event)
            data.text("type", "sanhu.release.granted")
            data.text("agency", agency.rawValue)
            data.text("outcome", "released")
            data.tags("recipients", [SampleAgency.declarant.rawValue], as: "agency")
            data.tags("enterprises", [shipment.broker.code], as: "enterprise")
            data.time("decidedAt", decided)
            data.bool("acknowledge", true)
        }
        tell("notice.acknowledged", .declarant, 20...120, after: last) { data in
            data.tag("declaration", shipment.number)
            data.text("stage", "received")
            data.reference("event", event)
            data.text("party", data.agency.rawValue)
        }
        return completed
    }

    /// What was released against a guarantee is paid in time, or the guarantee is claimed.
    mutating func tellSettlement(of shipment: SampleShipment, _ guarantee: String, after released: Int) {
        let days = SampleTime.day / SampleTime.minute
        guard shipment.script == .claimed else {
            _ = tellPayment(of: shipment, days...14 * days, after: released, guarantee: guarantee)
            return
        }
        let due = time(released) + 15 * SampleTime.day
        let reminded = tell("duty.assessed", .customs, at: due + some(480...600), after: released) { data in
            data.tag("declaration", shipment.number)
            data.text("bill", shipment.billOfDuty)
            data.text("stage", "payment-reminded")
            data.day("dueDate", due)
            data.text("guarantee", guarantee)
            data.acting(.documents, .assessDuty)
        }
        let sum = shipment.duty.duty + shipment.duty.tax
        tell("guarantee.claimed", .customs, days...2 * days, after: reminded) { data in
            data.tag("guarantee", guarantee)
            data.tag("declaration", shipment.number)
            data.tag("enterprise", shipment.trader.code)
            data.texts("bills", [shipment.billOfDuty])
            data.day("dueDate", due)
            data.object("amounts") { data in
                data.decimal("claimed", sum)
                data.text("currency", "CNY")
            }
            data.acting(.documents, .claim)
        }
    }

    // MARK: Laboratories

    /// A laboratory's report: the agency's own, or one on the list of laboratories.
    mutating func tellReport(
        of shipment: SampleShipment, _ agency: SampleAgency, sampled: SampleTime, _ minutes: ClosedRange<Int>,
        after cause: Int, passes: Bool
    ) -> Int {
        let reported = time(cause) + some(minutes)
        return tell("lab.reported", agency, at: reported, after: cause) { data in
            data.tag("declaration", shipment.number)
            data.tag("sample", "S-\(shipment.number)")
            let isOwn = data.agency != .laboratory
            data.text("laboratory", isOwn ? data.agency.rawValue : SamplePolicies.laboratory)
            data.text("accreditation", isOwn ? "CNAS L0003" : SamplePolicies.accreditation)
            data.text("method", SamplePolicies.method)
            data.text("scope", SamplePolicies.scope)
            data.day("sampledOn", sampled)
            data.day("reportedOn", reported)
            data.text("result", passes ? "pass" : "fail")
            data.object("data") { data in data.text("lead", passes ? "0.01 mg/kg" : "0.90 mg/kg") }
        }
    }

    /// What was released before its tests were done: it passes, or it is disposed of.
    mutating func tellTests(of shipment: SampleShipment, _ grants: [Int], after released: Int) {
        let passes = shipment.script == .tested
        let last = tellReport(
            of: shipment, .quarantine, sampled: time(released), 1_440...3_600, after: released, passes: passes)
        guard !passes else {
            for grant in grants {
                let agency = steps[grant].agency
                tell("release.granted", agency, 10...120, after: last) { data in
                    data.tag("declaration", shipment.number)
                    data.text("office", data.agency.office(at: data.port))
                    data.text("condition", "none")
                    data.acting(.documents, .release)
                }
            }
            return
        }
        let officers = officers(.quarantine, .disposing)
        let decided = tell("disposition.decided", .quarantine, 120...900, after: last) { data in
            data.tag("declaration", shipment.number)
            data.text("matter", SampleItem.disposeQuarantine.matter ?? "")
            data.text("decision", "return")
            data.acting(.disposing, .disposeQuarantine)
            data.text("considerations", "Above the limit by far")
            data.officers(officers)
        }
        tell("hold.placed", .quarantine, 5...30, after: decided) { data in
            data.tag("declaration", shipment.number)
            data.text("scope", "goods not yet used")
            data.text("legalBasis", "Import and Export Commodity Inspection Law Art. 35")
            data.text("reasonClass", "test-failed")
            data.acting(.disposing, .hold)
        }
    }

    /// A laboratory's result is taken for customs' own; and no longer, once a flag has come.
    mutating func tellRecognition(of shipment: SampleShipment, after assessed: Int) -> Int {
        let reported = tellReport(
            of: shipment, .laboratory, sampled: time(assessed), 600...1_400, after: assessed, passes: true)
        let (result, until) = (reference(reported), time(reported) + 60 * SampleTime.day)
        let recognised = tell("result.recognised", .customs, 5...60, after: reported) { data in
            data.tag("declaration", shipment.number)
            data.text("event", result.id)
            data.text("by", SampleAgency.laboratory.rawValue)
            data.text("basis", "recognition-list")
            data.text("scope", SamplePolicies.scope)
            data.day("validUntil", until)
            data.reference("recognised", result)
            data.text("recognitionList", SamplePolicies.edition)
            data.text("accreditation", SamplePolicies.accreditation)
            data.item(.recognise)
        }
        guard shipment.script == .revoked else { return recognised }
        let flag = tellFlag(of: shipment, .customs, officers(.customs, .selecting)[0], after: recognised)
        let named = reference(recognised)
        let revoked = tell("recognition.revoked", .customs, 5...60, after: flag) { data in
            data.tag("declaration", shipment.number)
            data.text("recognition", named.id)
            data.text("source", named.source)
            data.text("basis", "flagged since")
            data.item(.revoke)
        }
        let flagged = id(flag)
        return tell("risk.cleared", .customs, 300...900, after: revoked) { data in
            data.tag("declaration", shipment.number)
            data.text("flag", flagged)
            data.text("outcome", "lifted")
            data.text("detail", "The papers were found")
            data.acting(.selecting, .flag)
        }
    }

    /// Goods are treated against pests.
    mutating func tellTreatment(of shipment: SampleShipment, after assessed: Int, since quay: SampleTime) -> Int {
        let begun = max(time(assessed), quay) + some(60...300)
        let officers = officers(.quarantine, .inspecting)
        return tell("quarantine.treated", .quarantine, at: begun + SampleTime.day, after: assessed) { data in
            data.tag("declaration", shipment.number)
            data.tag("container", shipment.containers[0])
            data.text("treatment", "fumigation")
            data.time("from", begun)
            data.time("to", begun + SampleTime.day)
            data.text("operator", "QT-5")
            data.text("result", "done")
            data.text("port", data.port.locode)
            data.acting(.inspecting, .treat)
            data.officers(officers)
        }
    }
}

extension SampleShipment {
    /// The number of its bill of duty.
    var billOfDuty: String { "T-\(number.suffix(13))" }
}
