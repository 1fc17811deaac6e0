import JSON

/// Writes what a step's event says: the members of its `data`.
struct SamplePayload {
    let step: SampleStep
    let call: SampleCall
    var random: SplitMix64

    init(step: SampleStep) {
        self.step = step
        call = step.story.call
        let salt: UInt64 = if case .shipment(let shipment) = step.story { shipment.salt } else { 0 }
        random = SplitMix64(seed: salt, part: UInt64(step.ordinal), of: 0xDA7A)
    }

    /// Writes the members.
    mutating func write(to writer: inout JSONWriter) {
        switch step.story {
        case .call(let call): writeCall(call, to: &writer)
        case .shipment(let shipment):
            switch step.act {
            case .manifestLodged: writeManifest(of: shipment, to: &writer)
            case .equipmentMoved(let move, let container): writeMove(move, container, of: shipment, to: &writer)
            case .declarationLodged: writeDeclaration(of: shipment, version: 1, to: &writer)
            case .declarationAmended: writeDeclaration(of: shipment, version: 2, to: &writer)
            case .declarationRejected, .declarationAccepted, .permitVerified, .riskAssessed, .riskFlagged:
                writeJudgement(of: shipment, to: &writer)
            case .inspectionOrdered, .inspectionNotified, .inspectionStarted, .inspectionCompleted:
                writeInspection(of: shipment, to: &writer)
            default: writeDecision(of: shipment, to: &writer)
            }
        }
    }

    private mutating func writeCall(_ call: SampleCall, to writer: inout JSONWriter) {
        writer.member("mode", "sea")
        writer.member("imo", call.imo)
        writer.member("name", call.ship)
        writer.member("voyage", call.voyage)
        writer.member("port", call.port.locode)
        writer.member("berth", "B" + SampleKeys.digits(call.index * 5 % 18 + 1, count: 2))
        if step.act == .conveyanceArrived {
            writer.member("expectedDeparture", call.departure.text)
        }
    }

    private func writeManifest(of shipment: SampleShipment, to writer: inout JSONWriter) {
        writer.member("action", "new")
        writer.member("direction", shipment.isImport ? "import" : "export")
        writer.member("bill", shipment.bill)
        writeVoyage(to: &writer)
        writer.member("portOfLoading", shipment.isImport ? shipment.partner.port : call.port.locode)
        writer.member("portOfDischarge", shipment.isImport ? call.port.locode : shipment.partner.port)
        writer.member("description", shipment.goods.description)
        writer.member("grossKilograms", grossKilograms(of: shipment))
        writeContainers(of: shipment, to: &writer)
    }

    private mutating func writeMove(
        _ move: SampleAct.Move, _ container: Int, of shipment: SampleShipment, to writer: inout JSONWriter
    ) {
        writer.member("container", shipment.containers[container])
        writer.member("move", move.rawValue)
        writer.member("facility", call.port.locode)
        switch move {
        case .discharge, .load: writeVoyage(to: &writer)
        case .toInspection: writer.member("to", "inspection area \(random.within(1...4))")
        case .gateIn, .gateOut: writer.member("gate", "G\(random.within(1...8))")
        }
        writer.member("condition", "full")
        if move == .gateOut { writer.member("basis", shipment.number) }
        writer.key("sealIntact")
        writer.bool(true)
    }

    private mutating func writeDeclaration(of shipment: SampleShipment, version: Int64, to writer: inout JSONWriter) {
        let goods = shipment.goods
        writer.member("number", shipment.number)
        writer.member("version", version)
        if version > 1 { writer.member("amends", "the quantity of item 1") }
        writer.member("direction", shipment.isImport ? "import" : "export")
        writer.member("mode", shipment.isDeclaredEarly ? "early" : "ordinary")
        writer.member("channel", "single-window")
        writer.member("customsOffice", call.port.customsOffice)
        writer.member("supervision", "0110")
        writer.member("bill", shipment.bill)
        writeVoyage(to: &writer)
        writer.key(shipment.isImport ? "importer" : "exporter")
        writeEnterprise(shipment.trader, to: &writer)
        writer.key("declarant")
        writeEnterprise(shipment.broker, to: &writer)
        writeContainers(of: shipment, to: &writer)
        if let permit = shipment.permit { writer.member("permit", permit) }
        writer.key("items")
        writer.array { writer in
            writer.object { writer in
                writer.member("item", 1)
                writer.member("hsCode", goods.code)
                writer.member("name", goods.name)
                writer.member("description", goods.description)
                writer.member(shipment.isImport ? "origin" : "destination", shipment.partner.country)
                // A version that is refused is at fault in its quantity.
                let isFaulty = shipment.outcome == .amended && version == 1
                writer.member("netKilograms", Int64(isFaulty ? shipment.kilograms * 10 : shipment.kilograms))
            }
        }
        writer.member("grossKilograms", grossKilograms(of: shipment))
        writer.key("commercial")
        writer.object { writer in
            writer.member("terms", shipment.isImport ? "CIF" : "FOB")
            writer.member("currency", "USD")
            writeMoney("value", shipment.cents, to: &writer)
            writer.member("contract", "SC17-\(SampleKeys.digits(Int(shipment.salt % 1_000_000), count: 6))")
        }
    }

    private func writeVoyage(to writer: inout JSONWriter) {
        writer.key("conveyance")
        writer.object { writer in
            writer.member("imo", call.imo)
            writer.member("name", call.ship)
            writer.member("voyage", call.voyage)
        }
    }

    private func writeContainers(of shipment: SampleShipment, to writer: inout JSONWriter) {
        writer.key("containers")
        writer.array { writer in
            for (place, container) in shipment.containers.enumerated() {
                writer.object { writer in
                    writer.member("number", container)
                    writer.member("size", shipment.goods.needsQuarantine ? "45R1" : "42G1")
                    writer.member("seal", "SH" + SampleKeys.digits(Int(shipment.salt >> 34) + place, count: 7))
                }
            }
        }
    }

    private func writeEnterprise(_ enterprise: SampleEnterprise, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("code", enterprise.code)
            writer.member("name", enterprise.name)
        }
    }

    func writeReleasers(of shipment: SampleShipment, as key: String, to writer: inout JSONWriter) {
        writer.key(key)
        writer.array { writer in
            for agency in shipment.releasers { writer.string(agency.rawValue) }
        }
    }

    /// Writes an amount as a string with two decimals, so that no reader makes a binary fraction of it.
    func writeMoney(_ key: String, _ hundredths: Int, to writer: inout JSONWriter) {
        writer.member(key, "\(hundredths / 100).\(SampleKeys.digits(hundredths % 100, count: 2))")
    }

    private func grossKilograms(of shipment: SampleShipment) -> Int64 {
        Int64(shipment.kilograms + shipment.kilograms * 4 / 100)
    }
}
