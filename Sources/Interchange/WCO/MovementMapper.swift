/// Maps the messages of inventory systems about goods that move.
///
/// | message | says | event |
/// |---|---|---|
/// | EAA | goods will arrive | `conveyance.declared` |
/// | EAL, imports goods arrival | goods are there | `conveyance.arrived` |
/// | EDL | goods have left | `conveyance.departed` |
/// | CST | a consolidation is shut | `manifest.lodged`, action `shut` |
/// | imports movement validation | the terminal confirms the consignment a declaration names | `notice.acknowledged` |
enum MovementMapper {
    static func type(of movement: WCOMessage.Movement) -> EventType {
        switch movement {
        case .anticipatedArrival: .conveyanceDeclared
        case .arrival, .importArrival: .conveyanceArrived
        case .departure: .conveyanceDeparted
        case .consolidationShut: .manifestLodged
        case .importValidation: .noticeAcknowledged
        }
    }

    /// The data of a movement message.
    static func record(of message: MessageElement, movement: WCOMessage.Movement) -> DataRecord {
        var record = DataRecord()
        record.set("message", movement.rawValue)
        switch movement {
        case .consolidationShut:
            record.set("manifest", "consolidation")
            record.set("action", "shut")
        case .importValidation:
            record.set("stage", "validated")
            record.set("returnCode", message.value("irc"))
        default: break
        }
        record.set("version", number: message.value("entryVersionNumber"))
        record.set("consignment", consignment(of: message))
        record.set("consignmentType", consignmentType(message.value("ucrBlock", "ucrType")))
        record.set("masterConsignment", message["ucrBlock"] == nil ? nil : message.value("masterUCR"))
        record.set("goodsLocation", message.value("goodsLocation"))
        var means = DataRecord()
        means.set("id", message.value("transportDetails", "transportID").map { conveyance($0).id })
        means.set("idType", message.value("transportDetails", "transportID").flatMap { conveyance($0).type })
        means.set("nationality", message.value("transportDetails", "transportNationality"))
        means.set("mode", message.value("transportDetails", "transportMode"))
        record.set("transport", means)
        return record
    }

    /// The unique reference of the consignment a message is about.
    static func consignment(of message: MessageElement) -> String? {
        message.value("ucrBlock", "ucr") ?? message.value("inventoryConsignmentReference")
            ?? message.value("masterUCR")
    }

    /// Takes the scheme off an identification such as `11CSCLGLOBE`: there are two digits of a known scheme in front.
    static func conveyance(_ text: String) -> (type: String?, id: String) {
        let scheme = String(text.prefix(2))
        guard text.count > 2, ["10", "11", "20", "30", "40", "41", "80", "81"].contains(scheme) else {
            return (nil, text)
        }
        return (scheme, String(text.dropFirst(2)))
    }

    private static func consignmentType(_ code: String?) -> String? {
        switch code {
        case "D": "declaration"
        case "M": "master"
        default: code
        }
    }
}
