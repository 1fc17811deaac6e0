/// Names every object a message is about, so that its event is found by each of them.
///
/// Buyers, sellers and parties without a number are not tags: tags stand in clear, their names may be classified.
struct WCOTagger {
    private(set) var collector = TagCollector()

    /// Tags of the declaration itself: its number, and every reference that goes with it in the scenario.
    mutating func addDeclaration(_ number: String?, references: [String]) {
        collector.add(.declaration, number)
        for reference in references { collector.add(.lrn, reference) }
    }

    /// Tags of what a declaration, or a part of one, names.
    mutating func addContent(of declaration: MessageElement) {
        let shipment = declaration["GoodsShipment"]
        let items = shipment?.all("GovernmentAgencyGoodsItem") ?? []
        collector.add(.ucr, shipment?.value("UCR", "TraderAssignedReferenceID"))
        for holder in [shipment].compactMap(\.self) + items {
            for document in holder.all("PreviousDocument") { addPrevious(document) }
        }
        collector.add(.office, declaration.value("DeclarationOfficeID"))
        collector.add(.office, declaration.value("ExitOffice", "ID"))
        collector.add(.office, declaration.value("SupervisingOffice", "ID"))
        addEnterprises(of: declaration, items: items)
        let consignment = shipment?["Consignment"]
        for holder in [consignment].compactMap(\.self) + items.compactMap({ $0["Commodity"] }) {
            for equipment in holder.all("TransportEquipment") { collector.add(.container, equipment.value("ID")) }
        }
        collector.add(.conveyance, declaration.value("BorderTransportMeans", "ID"))
        collector.add(.conveyance, consignment?.value("ArrivalTransportMeans", "ID"))
        collector.add(.conveyance, consignment?.value("DepartureTransportMeans", "ID"))
        collector.add(.location, WCORecords.locationCode(consignment?["GoodsLocation"]))
        for item in items { collector.add(.hs, GoodsItemMapper.harmonizedCode(of: item)) }
        for equipment in consignment?.all("TransportEquipment") ?? [] {
            for seal in equipment.all("Seal") { collector.add(.seal, seal.value("ID")) }
        }
        for item in items {
            for document in item.all("AdditionalDocument") where Self.isPermit(document) {
                collector.add(.permit, document.value("ID"))
            }
        }
    }

    /// Tags of what a movement message names.
    mutating func addMovement(_ message: MessageElement) {
        collector.add(.ucr, MovementMapper.consignment(of: message))
        collector.add(.ucr, message.value("masterUCR"))
        collector.add(.location, message.value("goodsLocation"))
        collector.add(
            .conveyance, message.value("transportDetails", "transportID").map { MovementMapper.conveyance($0).id })
    }

    mutating func addOffice(_ office: String?) {
        collector.add(.office, office)
    }

    private mutating func addEnterprises(of declaration: MessageElement, items: [MessageElement]) {
        let shipment = declaration["GoodsShipment"]
        for role in ["Declarant", "Submitter", "Agent", "Exporter"] {
            collector.add(.enterprise, declaration.value(role, "ID"))
        }
        collector.add(.enterprise, shipment?.value("Importer", "ID"))
        collector.add(.enterprise, shipment?.value("Consignee", "ID"))
        collector.add(.enterprise, declaration.value("Consignment", "Carrier", "ID"))
        for holder in declaration.all("AuthorisationHolder") { collector.add(.enterprise, holder.value("ID")) }
        for holder in [shipment].compactMap(\.self) + items {
            for party in DeclarationMapper.otherParties(of: holder) { collector.add(.enterprise, party.value("ID")) }
        }
    }

    /// An earlier document: a consignment reference, or another declaration if it has the form of its number.
    private mutating func addPrevious(_ document: MessageElement) {
        guard let id = document.value("ID") else { return }
        if ["DCR", "DCS", "MCR"].contains(document.value("TypeCode")) {
            collector.add(.ucr, id)
        } else if Self.isDeclarationNumber(id) {
            collector.add(.declaration, id)
        }
    }

    /// Whether a text has the form of a declaration number (MRN): year, country, 14 letters and digits.
    static func isDeclarationNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 18 else { return false }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }
        return bytes[..<2].allSatisfy(isDigit) && bytes[2..<4].allSatisfy(isLetter)
            && bytes[4...].allSatisfy { isDigit($0) || isLetter($0) }
    }

    /// Whether a document is a licence, certificate or authorisation: categories C, E, L, U, X, and of N those below
    /// 100 and from 800 to 899. The rest are invoices, transport documents and statements that no permit is needed.
    static func isPermit(_ document: MessageElement) -> Bool {
        switch document.value("CategoryCode") {
        case "C", "E", "L", "U", "X":
            return true
        case "N":
            guard let type = document.value("TypeCode").flatMap(Int.init) else { return false }
            return type < 100 || ((800..<900).contains(type) && type != 864)
        default:
            return false
        }
    }
}
