/// What is published before the first day: lists, limits, targets, and the port's status.
enum SamplePolicies {
    static let edition = "2018-1"
    /// The laboratory on the list, its accreditation, and what it is accredited for.
    static let laboratory = "Sample Testing Institute"
    static let accreditation = "CNAS L0001"
    static let method = "GB 5009.12"
    static let scope = "heavy metals"
    /// From when the lists are in force.
    static let since = "2017-01-01"

    /// Codes of fees, what they are, the unit, the most in yuan, who charges it, and for which service.
    static let fees:
        [(code: String, name: String, unit: String, maximum: Int, charger: SampleAgency, service: String)] = [
            ("PORT-THC", "Terminal handling", "container", 490, .terminal, "handling"),
            ("PORT-LIFT", "Lifting", "container", 120, .terminal, "lifting"),
            ("PORT-MOVE", "Moving", "container", 300, .terminal, "moving"),
            ("PORT-STORE", "Storage", "container-day", 20, .terminal, "storage"),
            ("CAR-DO", "Delivery order", "bill", 500, .carrier, "delivery-order"),
            ("RAIL-HAUL", "Haulage", "container", 2_000, .railway, "haulage"),
            ("DEC-ENTRY", "Declaration", "declaration", 300, .declarant, "brokerage"),
            ("POST-FEE", "Customs clearance of mail", "parcel", 20, .post, "mail"),
        ]

    /// Operations with limits: how many minutes they may take, in how many of a hundred cases, from which event to which.
    static let limits: [(operation: String, minutes: Int, share: Int, start: String, end: String)] = [
        ("acceptance", 20, 90, "declaration.lodged", "declaration.accepted"),
        ("to-inspection", 360, 95, "inspection.notified", "inspection.started"),
        ("inspection", 90, 90, "inspection.started", "inspection.completed"),
        ("closing", 60, 90, "release.completed", "clearance.closed"),
    ]

    /// Who takes whose results.
    static let recognitions: [(by: SampleAgency, of: SampleAgency)] = [
        (.customs, .laboratory), (.customs, .quarantine), (.quarantine, .customs), (.customs, .abroad),
        (.maritime, .customs),
    ]
}

extension SamplePlot {
    /// The opening: recorded before anything else.
    ///
    /// - Parameter time: When it begins; all of it stands an hour later.
    init(openingOf port: SamplePort, at time: SampleTime, seed: UInt64) {
        self.init(SampleStory(kind: .opening, index: 0, seed: seed, port: port))
        let status = tell("port.status.changed", .portOffice, at: time) { data in
            data.found("port", port.locode)
            data.text("port", port.locode)
            data.text("name", port.chinese)
            data.text("status", "opened")
            data.texts("modes", ["sea", "rail", "air", "road"])
            data.object("validity") { $0.text("from", "2004-09-28") }
            data.objects("channels", [("1", "container"), ("2", "passengers"), ("3", "mail")]) { data, channel in
                data.text("id", channel.0)
                data.text("kind", channel.1)
                data.texts("equipment", ["scanner"])
                data.agencies("users", [.customs, .border])
            }
            data.item(.publish)
        }
        tell("port.status.changed", .portOffice, 1...5, after: status) { data in
            data.found("port", "CNNS1")
            data.text("port", "CNNS1")
            data.text("status", "merged")
            data.text("into", port.locode)
            data.text("basis", "No goods for three years")
            data.item(.publish)
        }
        let all: [(String, SampleAgency, String?, SampleStep.Write)] = [
            ("power-list", .portOffice, nil, { $0.writePowers() }),
            ("fee-list", .portOffice, nil, { $0.writeFees() }),
            ("laboratory-list", .customs, nil, { $0.writeLaboratories() }),
            ("service-limit", .terminal, port.locode, { $0.writeLimits() }),
            ("recognition-list", .customs, nil, { $0.writeRecognitions() }),
            ("data-use", .portOffice, nil, { $0.writeUses() }),
            ("data-standard", .portOffice, nil, { $0.writeStandards() }),
            ("data-standard", .customs, nil, { $0.writeCodes("2017", SampleGoods.codes) }),
            ("working-hours", .portOffice, port.locode, { $0.writeHours() }),
            ("definition", .portOffice, nil, { $0.writeDefinition() }),
            ("mode-rules", .customs, nil, { $0.writeModes() }),
            ("responsibility-list", .portOffice, nil, { $0.writeResponsibilities() }),
            ("target", .portOffice, nil, { $0.writeTargets(jurisdiction: "CN", windows: 80) }),
            ("target", .portOffice, port.locode, { $0.writeTargets(jurisdiction: "CN-GD", windows: 90) }),
        ]
        for (number, policy) in all.enumerated() {
            let edition = number == all.count - 1 ? SamplePolicies.edition + "-" + port.locode : SamplePolicies.edition
            tell("policy.published", policy.1, 2...40, after: status) { data in
                data.tag("kind", policy.0, as: "policy")
                data.text("edition", edition)
                data.text("publisher", data.agency.rawValue)
                data.object("validity") { $0.text("from", SamplePolicies.since) }
                if let place = policy.2 { data.texts("ports", [place]) }
                policy.3(&data)
            }
        }
    }
}

extension SampleData {
    fileprivate mutating func writePowers() {
        let powers = SampleItem.allCases.flatMap { item in item.agencies.map { (item, $0) } }
        objects("powers", powers) { data, power in
            data.text("code", power.0.code(of: power.1))
            data.text("agency", power.1.rawValue)
            data.text("act", "sanhu." + power.0.act)
            data.text("matter", ifAny: power.0.matter)
        }
    }

    fileprivate mutating func writeFees() {
        objects("fees", SamplePolicies.fees) { data, fee in
            data.text("code", fee.code)
            data.text("name", fee.name)
            data.text("unit", fee.unit)
            data.int("maximum", fee.maximum)
            data.text("currency", "CNY")
            data.agencies("chargers", [fee.charger])
            data.text("service", fee.service)
        }
    }

    fileprivate mutating func writeLaboratories() {
        objects("laboratories", [0]) { data, _ in
            data.text("institution", SamplePolicies.laboratory)
            data.text("accreditation", SamplePolicies.accreditation)
            data.texts("methods", [SamplePolicies.method])
            data.texts("scopes", [SamplePolicies.scope])
            data.text("from", SamplePolicies.since)
        }
    }

    fileprivate mutating func writeLimits() {
        objects("limits", SamplePolicies.limits) { data, limit in
            data.text("operation", limit.operation)
            data.int("minutes", limit.minutes)
            data.int("share", limit.share)
            data.text("start", limit.start)
            data.text("end", limit.end)
        }
    }

    fileprivate mutating func writeRecognitions() {
        objects("recognitions", SamplePolicies.recognitions) { data, recognition in
            data.text("by", recognition.by.rawValue)
            data.text("of", recognition.of.rawValue)
            data.texts("types", ["sanhu.inspection.completed", "sanhu.lab.reported"])
        }
    }

    fileprivate mutating func writeUses() {
        objects(
            "uses", [("shared", "clearance"), ("conditional", "joint-inspection"), ("restricted", "investigation")]
        ) {
            data, use in
            data.text("class", use.0)
            data.text("purpose", use.1)
            data.text("text", "What is shared is used for what it was shared for.")
        }
    }

    fileprivate mutating func writeStandards() {
        objects("standards", ["declaration.lodged", "manifest.lodged", "conveyance.declared"]) { data, form in
            data.text("name", form)
            data.text("edition", "1")
            data.text("schema", "urn:sanhu:schema:\(form):1")
        }
    }

    /// The codes of an edition of the Harmonised System; one of the goods is declared by that of an older one.
    fileprivate mutating func writeCodes(_ edition: String, _ codes: [String]) {
        objects("standards", [0]) { data, _ in
            data.text("name", "HS")
            data.text("edition", edition)
            data.texts("codes", codes)
        }
    }

    fileprivate mutating func writeHours() {
        objects("hours", [("home", "00:00", "24:00"), ("abroad", "08:00", "20:00")]) { data, hours in
            data.text("port", data.port.locode)
            data.text("side", hours.0)
            data.texts("days", ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"])
            data.text("opens", hours.1)
            data.text("closes", hours.2)
        }
    }

    fileprivate mutating func writeDefinition() {
        let all = [
            ("clearance-time", "sanhu.conveyance.arrived"), ("clearance-time/export", "sanhu.equipment.moved"),
        ]
        objects("definitions", all) { data, definition in
            data.text("figure", definition.0)
            data.text("start", definition.1)
            data.text("end", "sanhu.release.completed")
            data.text("baseline", "2017: imports 97.4 hours, exports 12.3 hours")
            data.text("clock", "calendar")
        }
    }

    fileprivate mutating func writeModes() {
        objects("modes", ["ordinary", "periodic", "credit", "transit"]) { data, mode in
            data.text("mode", mode)
            data.text("accepts", "CUS")
            data.text("releases", "CUS")
            data.texts("steps", ["declaration.lodged", "declaration.accepted", "release.granted", "release.completed"])
        }
    }

    fileprivate mutating func writeResponsibilities() {
        objects("responsibilities", [(SampleAgency.customs, "goods"), (.maritime, "ships"), (.border, "persons")]) {
            data, item in
            data.text("code", "\(item.0.rawValue)-R1")
            data.text("agency", item.0.rawValue)
            data.text("matter", item.1)
        }
    }

    fileprivate mutating func writeTargets(jurisdiction: String, windows: Int) {
        text("jurisdiction", jurisdiction)
        let all = [
            ("single-window-use", windows * 100, "%", "2018-12-31"), ("single-window-use", 10_000, "%", "2020-12-31"),
            ("clearance-time", 9_740, "hours", "2017-12-31"),
            // Against the 97.4 hours of 2017: a third less by the end of 2018, half by that of 2021.
            ("clearance-time", 67, "of the baseline", "2018-12-31"),
            ("clearance-time", 50, "of the baseline", "2021-12-31"),
        ]
        objects("targets", all) { data, target in
            data.text("figure", target.0)
            data.decimal("value", target.1)
            data.text("unit", target.2)
            data.text("due", target.3)
            data.text("baseline", "2017")
        }
    }
}
