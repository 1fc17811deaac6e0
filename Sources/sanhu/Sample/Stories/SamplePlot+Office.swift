/// What offices do beside the goods: incidents, audits, ratings, corrections.
extension SamplePlot {
    /// A day's incident, and a drill.
    init(watch number: Int, at port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .watch, index: number, seed: seed, port: port))
        let agencies: [SampleAgency] = [.customs, .border, .maritime]
        for isExercise in [false, true] {
            let incident = "X-\(number)\(isExercise ? "D" : "")"
            func stage(_ stage: String, _ level: String) -> SampleStep.Write {
                { data in
                    data.tag("incident", incident)
                    data.text("stage", stage)
                    data.text("level", level)
                    data.text("kind", isExercise ? "fire" : "epidemic")
                    data.texts("ports", [data.port.locode])
                    data.bool("exercise", isExercise)
                    data.texts("opens", ["unilateral-boarding"])
                    data.tags("participants", agencies.map(\.rawValue), as: "agency")
                    data.item(.incident)
                    data.text("details", "On berth 12")
                }
            }
            let declared = tell(
                "incident.declared", .portOffice, at: time + some(isExercise ? 300...400 : 0...60),
                stage("declared", "III"))
            for agency in agencies {
                let event = reference(declared)
                tell("notice.acknowledged", agency, 2...25, after: declared) { data in
                    data.found("incident", incident)
                    data.text("stage", "received")
                    data.text("incident", incident)
                    data.reference("event", event)
                    data.text("party", data.agency.rawValue)
                }
            }
            var last = declared
            if !isExercise {
                last = tell("incident.declared", .portOffice, 60...120, after: last, stage("changed", "II"))
                last = tellHold(under: incident, after: last)
            }
            tell("incident.declared", .portOffice, 200...400, after: last, stage("closed", isExercise ? "III" : "II"))
        }
    }

    /// A conveyance is held while the incident lasts.
    private mutating func tellHold(under incident: String, after cause: Int) -> Int {
        let plate = "粤Z\(SampleKeys.digits(story.index, count: 4))港"
        let declared = tell("conveyance.declared", .singleWindow, 1...5, after: cause) { data in
            data.tag("conveyance", plate)
            data.text("plate", plate)
            data.text("direction", "arrival")
            data.text("port", data.port.locode)
        }
        let arrived = tell("conveyance.arrived", .road, 5...20, after: declared) { data in
            data.tag("conveyance", plate)
            data.text("direction", "arrival")
            data.text("port", data.port.locode)
        }
        let held = tell("hold.placed", .border, 5...20, after: arrived) { data in
            data.tag("conveyance", plate)
            data.text("scope", "all")
            data.text("legalBasis", "Exit and Entry Administration Law Art. 6")
            data.text("incident", incident)
            data.acting(.disposing, .hold)
        }
        let named = reference(held)
        return tell("hold.lifted", .border, 60...120, after: held) { data in
            data.tag("conveyance", plate)
            data.text("hold", named.id)
            data.text("source", named.source)
            data.acting(.disposing, .lift)
        }
    }

    /// A day at the desks: ratings, an audit, certificates from abroad, a correction, a control in another form.
    init(office number: Int, at port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .office, index: number, seed: seed, port: port))
        let enterprise = SampleEnterprise(.importer, at: port, seed: seed, random: &random)
        let ratings: [(SampleAgency, String, String, String)] = [
            (.customs, "aeo", "AEO", "advanced"), (.market, "registration", "registration", "registered"),
            (.tax, "rating", "taxpayer", "A"), (.abroad, "aeo", "AEO", "recognised"),
        ]
        for (agency, kind, scheme, rating) in ratings {
            tell("credit.rated", agency, at: time + some(0...400)) { data in
                data.tag("enterprise", enterprise.code)
                data.text("kind", kind)
                data.text("name", enterprise.name)
                data.text("scheme", scheme)
                data.text("rating", rating)
                data.day("from", time)
                data.object("inputs") { $0.int("violations", 0) }
                if agency != .abroad { data.item(.credit) }
            }
        }
        tellClasses(at: time)
        tellAudit(of: enterprise, number, at: time)
        tellCertificate(number, at: time)
        tellCorrection(number, at: time)
        tellControl(number, at: time)
        tellRoadside(number, at: time)
    }

    /// Customs gives some of those who come often their class.
    private mutating func tellClasses(at time: SampleTime) {
        for index in 0..<16 {
            let enterprise = SampleEnterprise(
                index % 2 == 0 ? .importer : .exporter, at: port, seed: story.seed, random: &random)
            let rating = random.pick(["advanced", "registered", "registered", "discredited"])
            tell("credit.rated", .customs, at: time + some(0...240)) { data in
                data.tag("enterprise", enterprise.code)
                data.text("kind", "aeo")
                data.text("name", enterprise.name)
                data.text("scheme", "AEO")
                data.text("rating", rating)
                data.day("from", time)
                data.object("inputs") { $0.int("violations", rating == "discredited" ? 3 : 0) }
                data.item(.credit)
            }
        }
    }

    private mutating func tellAudit(of enterprise: SampleEnterprise, _ number: Int, at time: SampleTime) {
        let (name, officers) = ("A-\(number)", officers(.customs, .credit, 2))
        let ordered = tell("audit.ordered", .customs, at: time + some(0...200)) { data in
            data.tag("audit", name)
            data.tag("enterprise", enterprise.code)
            data.text("kind", "verification")
            data.text("method", "risk")
            data.text("from", "2017-01-01")
            data.text("to", "2017-12-31")
            data.acting(.credit, .orderAudit)
            data.text("reason", "Many refunds")
            data.officers(officers)
        }
        tell("audit.completed", .customs, 240...500, after: ordered) { data in
            data.tag("audit", name)
            data.tag("enterprise", enterprise.code)
            data.text("kind", "verification")
            data.text("result", "finding")
            data.texts("findingIds", ["F-9"])
            data.acting(.credit, .completeAudit)
            data.objects("findings", [0]) { data, _ in data.text("text", "Freight left out of the value") }
            data.officers(officers)
        }
    }

    /// A certificate that its issuer abroad sends, and one of the agency for drugs.
    private mutating func tellCertificate(_ number: Int, at time: SampleTime) {
        for (agency, kind) in [(SampleAgency.abroad, "health-certificate"), (.drugs, "drug-import-licence")] {
            tell("permit.issued", agency, at: time + some(0...300)) { data in
                data.tag("permit", "\(agency.rawValue)-\(number)")
                data.text("kind", kind)
                data.text("goods", "0202")
                data.text("country", agency == .abroad ? "AU" : "CN")
                data.bool("networked", true)
                data.day("validFrom", time)
                data.day("validUntil", time + 90 * SampleTime.day)
                data.text("healthDetail", "Free of foot-and-mouth disease")
            }
        }
    }

    /// A tally was wrong: the terminal says so, and says what is right.
    private mutating func tellCorrection(_ number: Int, at time: SampleTime) {
        let container = SampleShipment.container(7_000_000 + number)
        func tally(_ place: String) -> SampleStep.Write {
            { data in
                data.tag("container", container)
                data.text("move", "yard")
                data.text("to", place)
                data.text("source", "tally")
                data.text("port", data.port.locode)
            }
        }
        let wrong = tell("equipment.moved", .terminal, at: time + some(0...300), tally("B-04"))
        let (named, right) = (reference(wrong), id(wrong + 2))
        let corrected = tell("record.corrected", .terminal, 30...90, after: wrong) { data in
            data.tag("container", container)
            data.text("event", named.id)
            data.text("source", named.source)
            data.text("by", right)
            data.text("basis", "wrong place")
            data.texts("correctives", [right])
        }
        tell("equipment.moved", .terminal, 0...2, after: corrected, tally("C-11"))
    }

    /// The result of a control as another country's customs writes it.
    private mutating func tellControl(_ number: Int, at time: SampleTime) {
        let name = SampleShipment.number(
            800_000_000 + number, at: port, year: time.date.year, isImport: true, story.seed)
        tell("inspection.completed+wco", .customs, at: time + some(0...300)) { data in
            data.tag("declaration", name)
            data.int("version", 1)
            data.text("responseCode", "14")
            data.objects("findings", [0]) { data, _ in data.text("code", "A1") }
            data.object("corrected") { $0.int("netMass", 20_800) }
        }
    }

    /// A lorry over the border, by road, out again.
    private mutating func tellRoadside(_ number: Int, at time: SampleTime) {
        let plate = "粤Z\(SampleKeys.digits(number, count: 5))澳"
        var at = time + some(0...120)
        for (form, direction) in [("conveyance.arrived", "arrival"), ("conveyance.departed", "departure")] {
            tell(form, .road, at: at) { data in
                data.tag("conveyance", plate)
                data.text("direction", direction)
                data.text("port", data.port.locode)
            }
            at = at + some(120...360)
        }
    }
}
