/// Passengers and crew, and what they carry.
extension SamplePlot {
    /// A person is announced online before it comes.
    @discardableResult
    mutating func tellAnnounced(
        _ person: SamplePerson, _ kind: String, on conveyance: String, after announced: Int
    ) -> Int {
        tell("declaration.lodged+person", .singleWindow, 1...30, after: announced) { data in
            data.tag("person", person.document)
            data.text("kind", kind)
            data.text("direction", "in")
            data.text("port", data.port.locode)
            data.tag("conveyance", conveyance)
            data.text("channel", "single-window")
            data.object("details") { data in
                data.text("name", person.name)
                data.text("nationality", person.nationality)
            }
            data.text("health", "No illness")
        }
    }

    /// A person crosses the border, most of them by a gate without an officer.
    @discardableResult
    mutating func tellCrossing(
        of person: SamplePerson, _ direction: String, on conveyance: String, _ minutes: ClosedRange<Int>,
        after cause: Int, referred: Bool = false
    ) -> Int {
        let channel = referred || random.chance(30) ? "staffed" : "self-service"
        return tell("person.crossed", .border, minutes, after: cause) { data in
            data.tag("person", person.document)
            data.text("direction", direction)
            data.text("port", data.port.locode)
            data.tag("conveyance", conveyance)
            data.text("channel", channel)
            data.text("basis", "passport")
            data.text("outcome", referred ? "referred" : "passed")
            data.acting(.documents, .cross)
            data.object("details") { data in
                data.text("name", person.name)
                data.text("nationality", person.nationality)
            }
        }
    }

    /// The story of a flight: its passengers announced by the airline, all but a few through without a stop.
    init(flight number: Int, at port: SamplePort, landing: SampleTime, passengers: Int, seed: UInt64) {
        self.init(SampleStory(kind: .flight, index: number, seed: seed, port: port))
        let flight = "CZ\(random.within(300...899))-\(landing.dateText)"
        let declared = tell("conveyance.declared", .aviation, at: landing - some(90...150)) { data in
            data.tag("conveyance", flight)
            data.text("flight", flight)
            data.text("direction", "arrival")
            data.text("port", port.locode)
            data.time("expectedAt", landing)
            data.int("crewCount", 11)
            data.int("passengerCount", passengers)
            data.text("channel", "single-window")
        }
        let people = (0..<passengers).map { _ in SamplePerson(&random) }
        for person in people { tellAnnounced(person, "passenger", on: flight, after: declared) }
        let landed = tell("conveyance.arrived", .border, at: landing, after: declared) { data in
            data.tag("conveyance", flight)
            data.text("direction", "arrival")
            data.text("port", port.locode)
        }
        for (index, person) in people.enumerated() {
            let crossed = tellCrossing(of: person, "in", on: flight, 15...60, after: landed, referred: index == 0)
            if index == 0 { tellCheck(of: person, after: crossed) }
            if index == 1 { tellCurrency(of: person, on: flight, after: crossed) }
        }
    }

    /// A person is looked at more closely, and let in.
    private mutating func tellCheck(of person: SamplePerson, after crossed: Int) {
        let (name, officers) = ("I-\(story.name)", officers(.border, .inspecting))
        let checked = tell("inspection.completed+person", .border, 5...20, after: crossed) { data in
            data.tag("person", person.document)
            data.text("inspection", name)
            data.text("direction", "in")
            data.text("port", data.port.locode)
            data.text("result", "no-finding")
            data.agencies("participants", [.border])
            data.acting(.inspecting, .inspect)
            data.objects("findings", [0]) { data, _ in data.text("text", "Papers in order") }
            data.officers(officers)
        }
        tell("release.granted+person", .border, 1...3, after: checked) { data in
            data.text("person", person.document)
            data.text("direction", "in")
            data.text("port", data.port.locode)
            data.text("decision", "admitted")
            data.text("basis", "visa")
            data.acting(.documents, .release)
        }
        tell("credit.rated+person", .border, 60...120, after: checked) { data in
            data.tag("person", person.document)
            data.text("scheme", "frequent-crosser")
            data.item(.credit)
            data.text("rating", "trusted")
            data.object("inputs") { $0.int("crossings", 212) }
        }
    }

    /// Banknotes are declared, and more of them are found.
    private mutating func tellCurrency(of person: SamplePerson, on flight: String, after crossed: Int) {
        let name = "CB-\(story.name)"
        let declared = tell("declaration.lodged+article", .singleWindow, 1...3, after: crossed) { data in
            data.tag("declaration", name)
            data.text("kind", "currency")
            data.tag("parcel", name)
            data.text("flow", "import")
            data.text("port", data.port.locode)
            data.tag("conveyance", flight)
            data.text("description", "Banknotes")
            data.text("person", person.document)
            data.object("commercial") { data in
                data.int("amount", 6_000)
                data.text("currency", "USD")
            }
        }
        let officers = officers(.customs, .inspecting)
        let checked = tell("inspection.completed+article", .customs, 3...15, after: declared) { data in
            data.tag("declaration", name)
            data.tag("parcel", name)
            data.text("result", "finding")
            data.texts("findingIds", ["F-1"])
            data.text("port", data.port.locode)
            data.acting(.inspecting, .inspect)
            data.objects("findings", [0]) { data, _ in data.text("text", "Twice as much") }
            data.officers(officers)
        }
        let decided = tell("disposition.decided", .customs, 5...30, after: checked) { data in
            data.tag("declaration", name)
            data.text("finding", "F-1")
            data.text("matter", SampleItem.disposeGoods.matter ?? "")
            data.text("decision", "correct")
            data.acting(.disposing, .disposeGoods)
        }
        tell("violation.recorded+article", .customs, 10...40, after: decided) { data in
            data.tag("declaration", name)
            data.tag("parcel", name)
            data.bool("published", false)
            data.text("port", data.port.locode)
            data.acting(.disposing, .violation)
            data.text("person", person.document)
            data.text("kind", "currency not declared")
            data.object("penalty") { data in
                data.int("fine", 2_000)
                data.text("currency", "CNY")
            }
        }
    }
}
