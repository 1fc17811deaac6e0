/// From the flag to what is decided on a finding.
extension SamplePlot {
    /// What an inspection came to.
    struct Inspected {
        /// The last step.
        let last: Int
        /// Whether the goods may still be released.
        let isGood: Bool
    }

    /// - Parameter quay: When the containers can be brought.
    mutating func tellInspection(
        of shipment: SampleShipment, after assessed: Int, onQuaySince quay: SampleTime, draw: SampleDraw?
    ) -> Inspected {
        let agencies = shipment.releasers(at: time(assessed) + 20 * SampleTime.minute)
        var ordered: [Int] = []
        var selectors: [SampleOfficer] = []
        for agency in agencies {
            let officer = officers(agency, .selecting)
            selectors += officer
            let flag = draw == nil ? tellFlag(of: shipment, agency, officer[0], after: assessed) : nil
            ordered.append(tellOrder(of: shipment, agency, officer, after: flag ?? assessed, flag: flag, draw: draw))
        }
        let latest = ordered.max { known($0) < known($1) } ?? assessed
        let orders = ordered.map { "O-" + id($0) }
        name(ordered)
        let (given, place) = (ordered, port.yard)
        let notified = tell("inspection.notified", .singleWindow, 1...3, after: latest, role: .concluded) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: given)
            data.text("place", place)
            data.texts("kinds", ["physical"])
            data.agencies("participants", agencies)
            data.tags("containers", shipment.containers, as: "container")
            data.texts("orders", orders)
            data.text("convenor", agencies[0].rawValue)
            data.tags("recipients", ["DEC", "TER"], as: "agency")
        }
        tellReading(of: notified, given, shipment)
        // The joint notice is given half an hour after the first order.
        let movable = max(time(notified), quay) + some(45...90)
        var brought = notified
        for container in shipment.containers {
            let move = tellMove(
                "to-inspection", container, of: shipment, at: movable + some(5...40), after: notified, inspection: given
            )
            if brought == notified || time(move) > time(brought) { brought = move }
        }
        // At night nobody is there.
        let opening = (time(brought) + some(10...60)).inOfficeHours(&random)
        let isConfused = shipment.script == .confused
        let inspectors = isConfused ? selectors : agencies.flatMap { officers($0, .inspecting) }
        let started = tell("inspection.started", .customs, at: opening, after: notified) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: given)
            data.texts("orders", orders)
            data.agencies("participants", agencies)
            data.text("convenor", agencies[0].rawValue)
            data.tags("containers", shipment.containers, as: "container")
            data.texts("opened", shipment.containers)
            data.texts("kinds", ["physical"])
            data.text("place", place)
            data.text("port", data.port.locode)
            data.acting(.inspecting, .inspect)
            data.officers(inspectors)
        }
        if isConfused {
            tellBreach("separation", of: "declaration:" + shipment.number, by: started, against: [ordered[0]])
        }
        let hasFinding = shipment.script.hasFinding
        let (method, since) = (method(of: shipment, draw), time(started))
        let completed = tell("inspection.completed", .customs, 25...100, after: started) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: given)
            data.texts("orders", orders)
            data.agencies("participants", agencies)
            data.text("office", shipment.port.customsOffice)
            data.text("result", hasFinding ? "finding" : "no-finding")
            data.texts("kinds", ["physical"])
            data.tags("containers", shipment.containers, as: "container")
            data.texts("opened", shipment.containers)
            data.texts("findingIds", hasFinding ? ["F-1"] : [])
            data.objects("findings", hasFinding ? ["F-1"] : []) { data, finding in
                data.text("id", finding)
                data.text("text", "40 cartons more than declared")
            }
            data.text("method", method)
            data.time("startedAt", since)
            data.text("place", place)
            data.text("port", data.port.locode)
            data.acting(.inspecting, .inspect)
            data.officers(inspectors)
        }
        if isConfused {
            tellBreach("separation", of: "declaration:" + shipment.number, by: completed, against: [ordered[0]])
        }
        for container in shipment.containers {
            tellMove(
                "from-inspection", container, of: shipment, at: time(completed) + some(5...60), after: completed,
                inspection: given)
        }
        guard hasFinding else { return Inspected(last: completed, isGood: true) }
        return tellFinding(of: shipment, after: completed, agencies, given)
    }

    /// The terminal, and mostly the declarant, say that they have read the notice.
    private mutating func tellReading(of notified: Int, _ orders: [Int], _ shipment: SampleShipment) {
        for agency in [SampleAgency.terminal, .declarant] where agency == .declarant || random.chance(85) {
            guard agency == .terminal || random.chance(60) else { continue }
            tell("notice.acknowledged", agency, 2...90, after: notified) { data in
                data.tag("declaration", shipment.number)
                data.text("stage", "read")
                data.notice(of: orders)
                data.text("party", data.agency.rawValue)
            }
        }
    }

    private func method(of shipment: SampleShipment, _ draw: SampleDraw?) -> String {
        draw != nil ? "random" : shipment.script == .smuggled ? "intelligence" : "risk"
    }

    /// A flag on a declaration.
    mutating func tellFlag(
        of shipment: SampleShipment, _ agency: SampleAgency, _ officer: SampleOfficer, after assessed: Int,
        cause: String? = nil
    ) -> Int {
        let (reason, expires) = (
            random.pick(["classification", "origin", "quantity"]), time(assessed) + 30 * SampleTime.day
        )
        return tell("risk.flagged", agency, 1...6, after: assessed) { data in
            data.tag("declaration", shipment.number)
            data.text("reasonClass", shipment.script == .smuggled ? "smuggling" : reason)
            data.text("action", "physical")
            data.time("expires", expires)
            data.text("rule", "R-17")
            data.text("source", "Joint targeting centre")
            data.object("officer") { data in
                data.text("id", officer.id)
                data.text("name", officer.name)
                data.text("unit", officer.unit)
            }
            data.text("cause", ifAny: cause)
            data.acting(.selecting, .flag)
        }
    }

    private mutating func tellOrder(
        of shipment: SampleShipment, _ agency: SampleAgency, _ officers: [SampleOfficer], after cause: Int, flag: Int?,
        draw: SampleDraw?
    ) -> Int {
        let (order, method) = ("O-" + id(steps.count), method(of: shipment, draw))
        let (named, from) = (flag.map(id), time(cause))
        return tell("inspection.ordered", agency, 4...15, after: cause) { data in
            data.tag("declaration", shipment.number)
            data.text("order", order)
            data.text("office", data.agency.office(at: data.port))
            data.text("kind", "physical")
            data.tags("containers", shipment.containers, as: "container")
            data.time("from", from)
            data.time("to", from + 3 * SampleTime.day)
            data.text("reason", "As the flag says")
            data.text("method", method)
            data.text("cause", ifAny: named)
            data.text("draw", ifAny: draw?.name)
            data.text("place", data.port.yard)
            data.text("port", data.port.locode)
            data.acting(.selecting, .order)
            data.officers(officers)
        }
    }

    /// The goods are held, each finding is disposed of by who is competent, and the hold is lifted if all is well.
    private mutating func tellFinding(
        of shipment: SampleShipment, after completed: Int, _ agencies: [SampleAgency], _ orders: [Int]
    ) -> Inspected {
        let (isSmuggled, isRefused) = (shipment.script == .smuggled, shipment.script == .refused)
        let officer = officers(.customs, .disposing)
        let held = tell("hold.placed", .customs, 2...15, after: completed) { data in
            data.tag("declaration", shipment.number)
            data.tag("container", shipment.containers[0])
            data.text("scope", "all")
            data.text("legalBasis", "Customs Law Art. 6")
            data.text("reasonClass", "inspection-finding")
            data.text("reason", "More cartons than declared")
            data.object("officer") { data in
                data.text("id", officer[0].id)
                data.text("name", officer[0].name)
                data.text("unit", officer[0].unit)
            }
            data.acting(.disposing, .hold)
        }
        let named = reference(completed)
        let item: SampleItem = isSmuggled ? .disposeSmuggling : .disposeGoods
        let decided = tell("disposition.decided", .customs, 120...1_200, after: held) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: orders)
            data.text("finding", "F-1")
            data.text("matter", item.matter ?? "")
            data.text("decision", isSmuggled ? "hand-over" : isRefused ? "return" : "correct")
            if isSmuggled { data.tag("to", SampleAgency.antiSmuggling.rawValue, as: "agency") }
            data.reference("event", named)
            data.acting(.disposing, item)
            data.text("considerations", "The first time this year")
            data.officers(officer)
        }
        let violated = tellViolation(of: shipment, after: decided)
        if agencies.contains(.maritime) { tellSafety(of: shipment, orders, after: decided) }
        if isSmuggled { tellHandOver(of: shipment, after: decided) }
        guard !isRefused, !isSmuggled else {
            for container in shipment.containers where isRefused {
                tellMove("load", container, of: shipment, at: time(decided) + some(720...1_440), after: decided)
            }
            return Inspected(last: violated, isGood: false)
        }
        let hold = reference(held)
        // What was put right is now and then looked at again.
        let checked = random.chance(40) ? tellSecondLook(at: shipment, after: decided) : decided
        let lifted = tell("hold.lifted", .customs, 60...360, after: checked) { data in
            data.tag("declaration", shipment.number)
            data.tag("container", shipment.containers[0])
            data.text("hold", hold.id)
            data.text("source", hold.source)
            data.text("legalBasis", "Customs Law Art. 6")
            data.acting(.disposing, .lift)
        }
        return Inspected(last: lifted, isGood: true)
    }

    /// Customs opens a container once more, for itself alone.
    private mutating func tellSecondLook(at shipment: SampleShipment, after decided: Int) -> Int {
        let (selecting, inspecting) = (officers(.customs, .selecting), officers(.customs, .inspecting))
        let (order, from, named) = ("O-" + id(steps.count), time(decided), reference(decided))
        let container = shipment.containers[0]
        let ordered = tell("inspection.ordered", .customs, 4...15, after: decided) { data in
            data.tag("declaration", shipment.number)
            data.text("order", order)
            data.text("kind", "physical")
            data.tags("containers", [container], as: "container")
            data.time("from", from)
            data.time("to", from + SampleTime.day)
            data.text("method", "risk")
            data.text("cause", named.id)
            data.text("place", data.port.yard)
            data.text("port", data.port.locode)
            data.acting(.selecting, .order)
            data.officers(selecting)
        }
        name([ordered])
        let notified = tell("inspection.notified", .singleWindow, 1...3, after: ordered, role: .concluded) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: [ordered])
            data.text("place", data.port.yard)
            data.texts("kinds", ["physical"])
            data.agencies("participants", [.customs])
            data.tags("containers", [container], as: "container")
            data.texts("orders", [order])
            data.text("convenor", SampleAgency.customs.rawValue)
            data.tags("recipients", ["DEC", "TER"], as: "agency")
        }
        let opening = (time(notified) + some(60...120)).inOfficeHours(&random)
        func tellPart(_ form: String, at time: SampleTime, after cause: Int, isEnd: Bool) -> Int {
            tell(form, .customs, at: time, after: cause) { data in
                data.tag("declaration", shipment.number)
                data.inspection(of: [ordered])
                data.texts("orders", [order])
                data.agencies("participants", [.customs])
                data.texts("kinds", ["physical"])
                data.tags("containers", [container], as: "container")
                data.texts("opened", [container])
                if isEnd { data.text("result", "no-finding") }
                if isEnd { data.text("method", "risk") }
                data.text("place", data.port.yard)
                data.text("port", data.port.locode)
                data.acting(.inspecting, .inspect)
                data.officers(inspecting)
            }
        }
        let started = tellPart("inspection.started", at: opening, after: notified, isEnd: false)
        return tellPart("inspection.completed", at: opening + some(20...60), after: started, isEnd: true)
    }

    private mutating func tellViolation(of shipment: SampleShipment, after decided: Int) -> Int {
        let (fine, isPublished) = (random.within(5...50) * 100_000, random.chance(40))
        let form = isPublished ? "violation.recorded+published" : "violation.recorded"
        return tell(form, .customs, 60...400, after: decided) { data in
            data.tag("declaration", shipment.number)
            data.tag("party", shipment.trader.code, as: "enterprise")
            data.text("role", shipment.isImport ? "importer" : "exporter")
            data.text("office", shipment.port.customsOffice)
            data.bool("published", isPublished)
            data.text("kind", shipment.script == .smuggled ? "smuggling" : "quantity misdeclared")
            data.int("severity", shipment.script == .smuggled ? 8 : 3)
            data.object("penalty") { data in
                data.decimal("fine", fine)
                data.text("currency", "CNY")
            }
            data.acting(.disposing, .violation)
        }
    }

    /// What is the maritime administration's to decide it decides for itself (后台分别处置).
    private mutating func tellSafety(of shipment: SampleShipment, _ orders: [Int], after decided: Int) {
        tell("disposition.decided", .maritime, 10...120, after: decided) { data in
            data.tag("declaration", shipment.number)
            data.inspection(of: orders)
            data.text("finding", "F-1")
            data.text("matter", SampleItem.disposeSafety.matter ?? "")
            data.text("decision", "pass")
            data.acting(.disposing, .disposeSafety)
        }
    }

    private mutating func tellHandOver(of shipment: SampleShipment, after decided: Int) {
        let event = reference(decided)
        tell("notice.acknowledged", .antiSmuggling, 20...240, after: decided) { data in
            data.tag("declaration", shipment.number)
            data.text("stage", "received")
            data.reference("event", event)
            data.text("party", data.agency.rawValue)
        }
    }
}
