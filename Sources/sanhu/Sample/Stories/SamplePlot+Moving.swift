/// Containers on their way, and what is charged for it.
extension SamplePlot {
    /// A container is moved. One message in thirty comes hours late, and one in sixty twice.
    @discardableResult
    mutating func tellMove(
        _ move: String, _ container: String, of shipment: SampleShipment, at time: SampleTime, after cause: Int?,
        knowsDeclaration: Bool = true, inspection: [Int] = []
    ) -> Int {
        let late = random.below(30) == 0 ? some(180...900) : 0
        let isOnShip = move == "discharge" || move == "load"
        let source = move.hasPrefix("gate") ? "gate" : isOnShip ? "tally" : "terminal"
        let seal = "SH" + container.suffix(7)
        let step = tell("equipment.moved", .terminal, at: time, after: cause, late: late) { data in
            data.tag("container", container)
            if knowsDeclaration { data.tag("declaration", shipment.number) }
            data.text("move", move)
            data.text("facility", "\(data.port.name) terminal 2")
            if move == "to-inspection" { data.text("to", data.port.yard) }
            data.text("seal", seal)
            data.bool("sealIntact", true)
            data.text("source", source)
            data.text("port", data.port.locode)
            if isOnShip { data.tag("conveyance", shipment.call.conveyance) }
            if !inspection.isEmpty { data.inspection(of: inspection) }
        }
        if random.below(60) == 0 { repeatStep(step, 2...40) }
        return step
    }

    /// A fee for a container.
    ///
    /// - Parameter list: The edition of the fee list that has it; nil for what is on none.
    @discardableResult
    mutating func tellFee(
        _ code: String, _ hundredths: Int, _ agency: SampleAgency, _ container: String, of shipment: SampleShipment,
        _ minutes: ClosedRange<Int>, after cause: Int, waived: Bool = false
    ) -> Int {
        let service = reference(cause)
        return tell("fee.charged", agency, minutes, after: cause) { data in
            data.text("code", code)
            data.tag("payer", shipment.trader.code, as: "enterprise")
            data.text("object", "container:" + container)
            data.tag("container", container)
            data.tag("declaration", shipment.number)
            data.reference("service", service)
            data.int("quantity", 1)
            data.bool("waived", waived)
            if waived {
                data.text("waiver", "no-finding")
                data.bool("treasury", true)
            }
            data.text("port", data.port.locode)
            data.money("amount", hundredths)
        }
    }

    /// What follows a release: the delivery order, the fees, the gate.
    mutating func tellLeaving(of shipment: SampleShipment, after released: Int, inspected: Bool) {
        let (closed, until) = (tellClosing(of: shipment, 18...60, after: released), time(released) + 9 * SampleTime.day)
        let delivery = tell("deliveryorder.issued", .carrier, 18...90, after: released) { data in
            data.tag("declaration", shipment.number)
            data.text("deliveryOrder", "DO-\(shipment.bill)")
            data.text("billOfLading", shipment.bill)
            data.tag("conveyance", shipment.call.conveyance)
            data.text("voyage", shipment.call.voyage)
            data.tags("containers", shipment.containers, as: "container")
            data.text("facility", "\(data.port.name) terminal 2")
            data.day("validUntil", until)
            data.text("receiver", shipment.trader.code)
        }
        for container in shipment.containers {
            let left = tellMove(
                "gate-out", container, of: shipment, at: time(delivery) + some(20...600), after: delivery)
            tellFee("PORT-THC", 48_000, .terminal, container, of: shipment, 1...30, after: left)
            if inspected {
                tellFee("PORT-LIFT", 12_000, .terminal, container, of: shipment, 1...30, after: left, waived: true)
            }
        }
        tellFee("CAR-DO", 15_000, .carrier, shipment.containers[0], of: shipment, 1...60, after: delivery)
        if shipment.script == .overcharged { tellOffList(of: shipment, after: delivery) }
        if shipment.script == .reopened { tellReopening(of: shipment, after: closed) }
    }

    /// What is on no list is recorded with its breach.
    private mutating func tellOffList(of shipment: SampleShipment, after delivery: Int) {
        let fee = tellFee(
            "PORT-CONVENIENCE", 30_000, .terminal, shipment.containers[0], of: shipment, 5...60, after: delivery)
        tellBreach("charges", of: "container:" + shipment.containers[0], by: fee, against: [])
    }

    /// The breach of a rule, as the ledger records it.
    mutating func tellBreach(_ rule: String, of object: String, by cause: Int, against others: [Int]) {
        let named = reference(cause)
        name(others)
        tell("rule.breached", .singleWindow, 0...0, after: cause, role: .concluded) { data in
            data.text("rule", rule)
            data.int("version", 1)
            data.text("object", object)
            data.object("cause") { data in
                data.text("source", named.source)
                data.text("id", named.id)
            }
            data.positions("against", of: others)
        }
    }

    /// Formalities are closed.
    mutating func tellClosing(of shipment: SampleShipment, _ minutes: ClosedRange<Int>, after cause: Int) -> Int {
        tell("clearance.closed", .customs, minutes, after: cause) { data in
            data.tag("declaration", shipment.number)
            data.text("status", "899")
            data.item(.close)
        }
    }

    private mutating func tellReopening(of shipment: SampleShipment, after closed: Int) {
        tell("declaration.reopened", .customs, 600...1_500, after: closed) { data in
            data.tag("declaration", shipment.number)
            data.text("office", shipment.port.customsOffice)
            data.text("reason", "New intelligence on the seller")
            data.acting(.documents, .reopen)
        }
    }
}
