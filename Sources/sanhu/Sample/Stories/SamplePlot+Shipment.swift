/// The story of a declaration.
extension SamplePlot {
    /// - Parameter draw: That by which its container was drawn, if it was.
    init(of shipment: SampleShipment, seed: UInt64, draw: SampleDraw? = nil) {
        self.init(SampleStory(kind: .shipment, index: shipment.index, seed: seed, port: shipment.port))
        if shipment.isImport { tellImport(of: shipment, draw) } else { tellExport(of: shipment) }
    }

    /// From the manifest to the gate, or back onto a ship.
    private mutating func tellImport(of shipment: SampleShipment, _ draw: SampleDraw?) {
        let arrival = shipment.call.arrival
        let manifest = tellManifest(of: shipment, at: arrival - some(20 * 60...30 * 60), "advance")
        let permit = tellPermit(of: shipment, at: arrival - some(10 * 60...18 * 60))
        var quay = arrival
        for container in shipment.containers {
            let landed = arrival + some(60...6 * 60)
            tellMove("discharge", container, of: shipment, at: landed, after: manifest, knowsDeclaration: false)
            quay = max(quay, landed)
        }
        if shipment.script == .scanned {
            for container in shipment.containers { tellImage(of: container, of: shipment, at: quay + some(10...50)) }
        }
        let early = arrival - some(2 * 60...9 * 60)
        let late = (quay + some(60...8 * 60)).inOfficeHours(&random)
        let lodged = tellLodged(shipment, at: shipment.isDeclaredEarly ? early : late, after: permit ?? manifest)
        guard var last = tellAcceptance(of: shipment, after: lodged) else { return }
        if shipment.script == .smuggled { last = tellIntelligence(on: shipment, after: last) }
        if shipment.script.isInspected {
            let inspected = tellInspection(of: shipment, after: last, onQuaySince: quay, draw: draw)
            guard inspected.isGood else { return }
            last = inspected.last
        }
        switch shipment.script {
        case .recognised, .revoked: last = tellRecognition(of: shipment, after: last)
        case .treated: last = tellTreatment(of: shipment, after: last, since: quay)
        default: break
        }
        let (secured, guarantee) = tellDuty(of: shipment, after: last)
        let (grants, completed) = tellRelease(
            of: shipment, after: secured, since: quay, guarantee: guarantee, arrived: arrival, lodged: time(lodged))
        tellLeaving(of: shipment, after: completed, inspected: shipment.script.isInspected)
        if let guarantee { tellSettlement(of: shipment, guarantee, after: completed) }
        if [.tested, .failed].contains(shipment.script) { tellTests(of: shipment, grants, after: completed) }
    }

    /// From the gate to the ship.
    private mutating func tellExport(of shipment: SampleShipment) {
        let departure = shipment.call.departure
        var (quay, last): (SampleTime, Int?) = (departure - 60 * SampleTime.hour, nil)
        for container in shipment.containers {
            let entered = departure - some(50 * 60...56 * 60)
            last = tellMove("gate-in", container, of: shipment, at: entered, after: nil, knowsDeclaration: false)
            quay = max(quay, entered)
        }
        // What came late is known late, and does not hold up the declaration.
        let lodged = tellLodged(shipment, at: (quay + some(20...120)).inOfficeHours(&random), after: nil)
        guard let assessed = tellAcceptance(of: shipment, after: lodged) else { return }
        last = assessed
        if shipment.script.isInspected {
            let inspected = tellInspection(of: shipment, after: assessed, onQuaySince: quay, draw: nil)
            guard inspected.isGood else { return }
            last = inspected.last
        }
        let (_, completed) = tellRelease(
            of: shipment, after: last ?? assessed, since: quay, arrived: nil, lodged: time(lodged))
        let planned = departure - some(9 * 60...12 * 60)
        let manifest = tellManifest(of: shipment, at: max(planned, time(completed) + some(20...60)), "loading")
        var loaded = manifest
        for container in shipment.containers {
            let time = max(departure - some(60...7 * 60), known(manifest) + some(5...30))
            loaded = tellMove("load", container, of: shipment, at: time, after: manifest)
        }
        let left = max(departure, time(loaded)) + some(60...180)
        let departed = tellDeparture(of: shipment, at: left, after: loaded)
        let closed = tellClosing(of: shipment, 30...180, after: departed)
        if [.refunded, .denied].contains(shipment.script) { tellRefund(of: shipment, departed, after: closed) }
    }

    /// That the goods have left, and how much of them.
    private mutating func tellDeparture(of shipment: SampleShipment, at time: SampleTime, after loaded: Int) -> Int {
        let quantity = shipment.script == .denied ? shipment.kilograms / 2 : shipment.kilograms
        return tell("conveyance.departed", .customs, at: time, after: loaded) { data in
            data.tag("declaration", shipment.number)
            data.tag("conveyance", shipment.call.conveyance)
            data.text("direction", "departure")
            data.text("port", data.port.locode)
            data.text("voyage", shipment.call.voyage)
            data.text("exitOffice", shipment.port.customsOffice)
            data.objects("quantities", [quantity]) { data, quantity in
                data.int("item", 1)
                data.int("quantity", quantity)
                data.text("unit", "KGM")
            }
        }
    }

    /// The duty of an export is refunded if as much has left as was declared (S47).
    private mutating func tellRefund(of shipment: SampleShipment, _ departed: Int, after closed: Int) {
        let days = SampleTime.day / SampleTime.minute
        let settled = time(closed) + some(days...5 * days)
        let (settlement, refund) = ("FX-\(shipment.number.suffix(13))", "TR-\(shipment.number.suffix(13))")
        let paid = tell("exchange.settled", .exchange, at: settled, after: closed) { data in
            data.tag("settlement", settlement)
            data.tag("declaration", shipment.number)
            data.tag("enterprise", shipment.trader.code)
            data.text("kind", "receipt")
            data.day("settledOn", settled)
            data.object("amounts") { data in
                data.decimal("amount", shipment.cents)
                data.text("currency", "USD")
                data.text("account", "6222 0002")
            }
        }
        let (departure, sum) = (reference(departed), shipment.cents * 629 / 100 * 9 / 100)
        let claimed = tell("refund.claimed", .owner, 60...2 * days, after: paid) { data in
            data.tag("refund", refund)
            data.tag("declaration", shipment.number)
            data.tag("enterprise", shipment.trader.code)
            data.reference("departure", departure)
            data.text("settlement", settlement)
            data.objects("quantities", [shipment.kilograms]) { data, quantity in
                data.int("item", 1)
                data.int("quantity", quantity)
                data.text("unit", "KGM")
            }
            data.object("amounts") { data in
                data.decimal("refund", sum)
                data.text("currency", "CNY")
            }
        }
        let officers = officers(.tax, .documents)
        tell("refund.decided", .tax, days...4 * days, after: claimed) { data in
            data.tag("refund", refund)
            data.tag("declaration", shipment.number)
            data.tag("enterprise", shipment.trader.code)
            data.text("decision", shipment.script == .denied ? "denied" : "granted")
            data.acting(.documents, .refund)
            data.object("amounts") { data in
                data.decimal("refund", shipment.script == .denied ? 0 : sum)
                data.text("currency", "CNY")
            }
            data.text("reason", shipment.script == .denied ? "Less has left than was declared" : "Left as declared")
            data.officers(officers)
        }
    }

    /// An image of a container, reviewed at the centre (集中审像).
    private mutating func tellImage(of container: String, of shipment: SampleShipment, at taken: SampleTime) {
        let (officers, place) = (officers(.customs, .images), SampleKeys.digits(random.below(1 << 40), count: 16))
        tell("image.reviewed", .customs, at: taken + some(3...20)) { data in
            data.tag("container", container)
            data.tag("image", "IMG-\(shipment.index)-\(container)")
            data.text("sha256", String(repeating: place, count: 4))
            data.time("takenAt", taken)
            data.text("device", "H986-2")
            data.text("centre", "GZ-1")
            data.text("screen", data.agency.rawValue)
            data.text("algorithm", "clear")
            data.text("verdict", "clear")
            data.text("conclusion", "release")
            data.tags("participants", [data.agency.rawValue], as: "agency")
            data.text("file", "images/\(taken.dateText)/\(container)")
            data.acting(.images)
            data.officers(officers)
        }
    }

    /// Intelligence on a declaration, with its source beside it.
    private mutating func tellIntelligence(on shipment: SampleShipment, after assessed: Int) -> Int {
        let intelligence = "I-\(shipment.number.suffix(9))"
        let sourced = tell("intelligence.sourced", .antiSmuggling, 1...10, after: assessed) { data in
            data.text("intelligence", intelligence)
            data.text("source", "a driver")
            data.text("handler", "H-3")
        }
        return tell("intelligence.shared", .antiSmuggling, 1...10, after: sourced) { data in
            data.tag("declaration", shipment.number)
            data.tag("container", shipment.containers[0])
            data.text("intelligence", intelligence)
            data.text("kind", "smuggling")
            data.text("grading", "B2")
            data.text("handling", "no further")
            data.addressed(to: [.customs, .border])
            data.text("content", "Two hundred cartons behind the pallets")
        }
    }
}
