/// The story of a ship's call: announced once for all agencies (一单多报), boarded together, in and out.
extension SamplePlot {
    /// - Parameter isInfected: Whether it comes from where there is an epidemic: quarantine goes aboard first, and alone.
    init(of call: SampleCall, seed: UInt64, isInfected: Bool) {
        self.init(SampleStory(kind: .call, index: call.index, seed: seed, port: call.port))
        let crew = (0..<3).map { _ in SamplePerson(&random) }
        let announced = tellAnnouncement(
            of: call, crew, "arrival", expected: call.arrival, at: call.arrival - some(1_440...2_700))
        for person in crew.prefix(2) { tellAnnounced(person, "crew", on: call.conveyance, after: announced) }
        if random.chance(10) {
            tell("information.requested", .maritime, 5...60, after: announced) { data in
                data.tag("conveyance", call.conveyance)
                data.text("kind", "screening")
                data.texts("questions", ["What is carried on deck?"])
                data.tags("recipients", ["CAR"], as: "agency")
                data.acting(.documents)
            }
        }
        let allowed = tellDecision(on: call, "arrival", .maritime, 30...120, after: announced)
        let arrived = tell("conveyance.arrived", .terminal, at: call.arrival, after: allowed) { data in
            data.write(call, "arrival")
            data.text("berth", "B\(call.index % 18 + 1)")
        }
        let boarded: Int? = isInfected || random.chance(30) ? tellBoarding(of: call, after: arrived, isInfected) : nil
        for person in crew.prefix(1) { tellCrossing(of: person, "out", on: call.conveyance, 200...400, after: arrived) }
        if boarded != nil, random.chance(50) {
            let carrier = SampleEnterprise(.broker, at: port, seed: seed, random: &random)
            tell("credit.rated+carrier", .maritime, 500...700, after: arrived) { data in
                data.tag("enterprise", carrier.code)
                data.tag("conveyance", call.conveyance)
                data.text("scheme", "port-state-control")
                data.text("rating", "low-risk")
                data.text("cause", "no deficiencies")
                data.object("inputs") { $0.int("inspections", 4) }
                data.item(.credit)
            }
        }
        let leaving = max(call.departure, known(boarded ?? arrived) + 2 * SampleTime.hour)
        let away = tellAnnouncement(
            of: call, crew, "departure", expected: leaving, at: leaving - some(60...110), after: arrived)
        let cleared = tellDecision(on: call, "departure", .border, 5...30, after: away)
        tell("conveyance.departed", .terminal, at: leaving, after: cleared) { $0.write(call, "departure") }
    }

    private mutating func tellAnnouncement(
        of call: SampleCall, _ crew: [SamplePerson], _ direction: String, expected: SampleTime, at time: SampleTime,
        after cause: Int? = nil
    ) -> Int {
        let (count, channel) = (random.within(18...26), random.chance(92) ? "single-window" : "other")
        return tell("conveyance.declared", .carrier, at: time, after: cause) { data in
            data.tag("conveyance", call.conveyance)
            data.text("imo", call.imo)
            data.text("direction", direction)
            data.text("port", data.port.locode)
            data.text("voyage", call.voyage)
            data.time("expectedAt", expected)
            data.object("transport") { data in
                data.text("id", call.imo)
                data.text("idType", "IMO")
                data.text("mode", "1")
            }
            data.int("crewCount", count)
            data.int("passengerCount", 0)
            data.bool("dangerousGoods", call.index % 5 == 0)
            data.text("channel", channel)
            data.texts("ports", ["SGSIN", "MYPKG"])
            data.text("health", "No illness on board")
            data.objects("crew", crew) { data, person in
                data.text("document", person.document)
                data.text("name", person.name)
                data.text("nationality", person.nationality)
            }
            data.text("securityLevel", "1")
        }
    }

    private mutating func tellDecision(
        on call: SampleCall, _ direction: String, _ agency: SampleAgency, _ minutes: ClosedRange<Int>, after cause: Int
    ) -> Int {
        let officers = officers(agency, .documents)
        return tell("conveyance.decided", agency, minutes, after: cause) { data in
            data.write(call, direction)
            data.text("decision", "cleared")
            data.acting(.documents, .decideConveyance)
            data.officers(officers)
        }
    }

    /// Those who want to go aboard go together, convened by the maritime administration; but for an epidemic, quarantine first and alone.
    private mutating func tellBoarding(of call: SampleCall, after arrived: Int, _ isInfected: Bool) -> Int {
        let agencies: [SampleAgency] = isInfected ? [quarantine(at: time(arrived))] : [.maritime, .border, .customs]
        let isTreated = isInfected
        var (ordered, names, given): (Int, [String], [Int]) = (arrived, [], [])
        for agency in agencies {
            let (name, from) = ("O-" + id(steps.count), time(arrived))
            names.append(name)
            let cause = id(arrived)
            let step = tell("inspection.ordered", agency, 1...6, after: arrived) { data in
                data.tag("conveyance", call.conveyance)
                data.text("order", name)
                data.text("kind", "boarding")
                data.text("voyage", call.voyage)
                data.time("from", from)
                data.time("to", from + 6 * SampleTime.hour)
                if isInfected { data.texts("exclusions", ["infected-area"]) }
                data.text("method", "risk")
                data.text("cause", cause)
                data.text("port", data.port.locode)
                data.acting(.selecting, .order)
            }
            given.append(step)
            if ordered == arrived || known(step) > known(ordered) { ordered = step }
        }
        name(given)
        let (all, orders) = (given, names)
        let convened =
            isInfected
            ? ordered
            : tell(
                "inspection.notified", .singleWindow, 1...3, after: ordered, role: .concluded
            ) { data in
                data.tag("conveyance", call.conveyance)
                data.inspection(of: all)
                data.text("place", "on board")
                data.texts("kinds", ["boarding"])
                data.agencies("participants", agencies)
                data.texts("orders", orders)
                data.text("convenor", agencies[0].rawValue)
                data.tags("recipients", ["CAR"], as: "agency")
            }
        let begun = tell("inspection.started", agencies[0], isInfected ? 20...45 : 50...80, after: convened) { data in
            data.tag("conveyance", call.conveyance)
            data.inspection(of: all)
            data.texts("orders", orders)
            data.agencies("participants", agencies)
            data.text("convenor", agencies[0].rawValue)
            data.texts("kinds", ["boarding"])
            data.text("port", data.port.locode)
            data.acting(.inspecting, .inspect)
        }
        let (since, officers) = (time(begun), officers(agencies[0], .inspecting, 2))
        let ended = tell("inspection.completed+conveyance", agencies[0], 40...150, after: begun) { data in
            data.tag("conveyance", call.conveyance)
            data.text("voyage", call.voyage)
            data.inspection(of: all)
            data.texts("orders", orders)
            data.agencies("participants", agencies)
            data.text("convenor", agencies[0].rawValue)
            data.text("result", "no-finding")
            data.time("startedAt", since)
            data.text("port", data.port.locode)
            data.text("method", "risk")
            data.acting(.inspecting, .inspect)
            data.officers(officers)
        }
        guard isTreated else { return ended }
        return tell("quarantine.treated", .quarantine, 60...120, after: ended) { data in
            data.tag("conveyance", call.conveyance)
            data.text("treatment", "disinfection")
            data.text("result", "done")
            data.text("port", data.port.locode)
            data.acting(.inspecting, .treat)
        }
    }
}

extension SampleData {
    fileprivate mutating func write(_ call: SampleCall, _ direction: String) {
        tag("conveyance", call.conveyance)
        text("direction", direction)
        text("port", port.locode)
        text("voyage", call.voyage)
    }
}
