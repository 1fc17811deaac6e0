import JSON

extension SamplePayload {
    /// What customs, or another agency, says of a declaration as it stands.
    mutating func writeJudgement(of shipment: SampleShipment, to writer: inout JSONWriter) {
        writer.member("declaration", shipment.number)
        switch step.act {
        case .declarationRejected:
            writer.key("errors")
            writer.array { writer in
                writer.object { writer in
                    writer.member("at", "/items/0/netKilograms")
                    writer.member("code", "weight-mismatch")
                    writer.member("text", "The net weight is over the gross weight of the manifest.")
                }
            }
        case .declarationAccepted:
            writer.member("version", shipment.outcome == .amended ? 2 : 1)
            writer.member("customsOffice", call.port.customsOffice)
        case .permitVerified:
            writer.member("permit", shipment.permit ?? "")
            writer.member("kind", shipment.goods.permitKind ?? "")
            writer.member("result", "match")
        case .riskAssessed:
            let isRed = shipment.outcome.isInspected
            writer.member("channel", isRed ? "red" : random.chance(15) ? "yellow" : "green")
            writer.member("outcome", isRed ? "inspect" : "release")
            writer.member("ruleSet", "2017-04")
        default:
            writer.member("reasonClass", step.act == .riskFlagged(.quarantine) ? "origin" : "classification")
            writer.member("wanted", "inspection")
            writer.member("expires", (step.time + 30 * SampleTime.day).dateText)
        }
    }

    /// What is said of an inspection, from the order to its result.
    mutating func writeInspection(of shipment: SampleShipment, to writer: inout JSONWriter) {
        writer.member("declaration", shipment.number)
        switch step.act {
        case .inspectionOrdered(let agency):
            writer.member("kind", agency == .quarantine ? "sampling" : "physical")
            writer.member("from", step.time.text)
            writer.member("to", (step.time + 2 * SampleTime.day).text)
        case .inspectionNotified:
            writer.key("joint")
            writer.bool(shipment.releasers.count > 1)
            writer.member("place", "\(call.port.name) inspection area")
            writeReleasers(of: shipment, as: "participants", to: &writer)
        case .inspectionStarted:
            writeReleasers(of: shipment, as: "participants", to: &writer)
            writer.key("opened")
            writer.array { writer in
                for container in shipment.containers { writer.string(container) }
            }
        default:
            writeReleasers(of: shipment, as: "participants", to: &writer)
            writer.member("result", shipment.outcome.hasFinding ? "finding" : "no-finding")
            writer.key("findings")
            writer.array { writer in
                guard shipment.outcome.hasFinding else { return }
                writer.object { writer in
                    writer.member("aspect", shipment.outcome == .refused ? "certificate" : "labelling")
                    writer.member("competent", shipment.releasers.last?.rawValue ?? "")
                    writer.member("container", random.pick(shipment.containers))
                }
            }
        }
    }

    /// What is decided of the goods: hold and disposition, duty and release.
    func writeDecision(of shipment: SampleShipment, to writer: inout JSONWriter) {
        writer.member("declaration", shipment.number)
        switch step.act {
        case .holdPlaced:
            writer.member("scope", "whole consignment")
            writer.member("reasonClass", "inspection-finding")
        case .dispositionDecided:
            writer.member("disposition", shipment.outcome == .refused ? "return" : "correct")
        case .holdLifted:
            writer.member("because", "corrected")
        case .dutyAssessed, .dutyPaid:
            writeDuty(of: shipment, to: &writer)
        case .releaseGranted:
            writer.member("condition", "none")
        case .releaseCompleted:
            writer.member("direction", shipment.isImport ? "import" : "export")
            writeReleasers(of: shipment, as: "grantedBy", to: &writer)
        default:
            writer.member("code", "899")
        }
    }

    /// Duty on the value, and tax on value and duty; the yuan is reckoned at 6.89 to the dollar.
    private func writeDuty(of shipment: SampleShipment, to writer: inout JSONWriter) {
        let value = shipment.cents * 689 / 100
        let duty = value * shipment.goods.dutyRate / 10_000
        let tax = (value + duty) * shipment.goods.taxRate / 10_000
        let isPaid = step.act == .dutyPaid
        writer.member("bill", "17\(shipment.number.suffix(9))-A01")
        writer.member("currency", "CNY")
        if !isPaid {
            writeMoney("customsValue", value, to: &writer)
            writeMoney("duty", duty, to: &writer)
            writeMoney("valueAddedTax", tax, to: &writer)
            writer.member("due", (step.time + 15 * SampleTime.day).dateText)
        }
        writeMoney(isPaid ? "paid" : "total", duty + tax, to: &writer)
    }
}
