/// Manifest, permit and declaration, up to what customs thinks of it.
extension SamplePlot {
    /// The manifest of a bill, and what customs decides on it.
    mutating func tellManifest(of shipment: SampleShipment, at time: SampleTime, _ kind: String) -> Int {
        let call = shipment.call
        let lodged = tell("manifest.lodged", .carrier, at: time) { data in
            data.tag("conveyance", call.conveyance)
            data.text("manifest", shipment.manifest)
            data.text("action", "new")
            data.text("kind", kind)
            data.text("channel", "single-window")
            data.text("voyage", call.voyage)
            data.text("port", call.port.locode)
            data.text("billOfLading", shipment.bill)
            data.tags("containers", shipment.containers, as: "container")
            data.texts("consignees", [shipment.trader.name])
            if let hazard = shipment.goods.hazard {
                data.objects("dangerousGoods", shipment.containers) { data, container in
                    data.text("container", container)
                    data.text("unNumber", hazard.unNumber)
                    data.text("hazardClass", hazard.hazardClass)
                }
            }
        }
        let isReviewed = random.chance(2)
        let decided = tell("manifest.decided", .customs, 10...60, after: lodged) { data in
            data.tag("conveyance", call.conveyance)
            data.text("manifest", shipment.manifest)
            data.text("billOfLading", shipment.bill)
            data.tags("containers", shipment.containers, as: "container")
            data.text("decision", isReviewed ? "under-review" : "accepted")
            if isReviewed { data.text("reason", "The consignee is new.") }
            data.acting(.documents, .decideManifest)
        }
        guard isReviewed else { return decided }
        return tell("manifest.decided", .customs, 30...90, after: decided) { data in
            data.tag("conveyance", call.conveyance)
            data.text("manifest", shipment.manifest)
            data.text("decision", "accepted")
            data.acting(.documents, .decideManifest)
        }
    }

    /// The permit that the goods need, from its issuer.
    mutating func tellPermit(of shipment: SampleShipment, at time: SampleTime) -> Int? {
        guard let permit = shipment.permit else { return nil }
        let quantity = shipment.kilograms * random.within(10...25) / 10
        let (from, until) = (time - 30 * SampleTime.day, time + 300 * SampleTime.day)
        return tell("permit.issued", .commerce, at: time) { data in
            data.tag("permit", permit)
            data.text("kind", "automatic-import-licence")
            data.tag("holder", shipment.trader.code, as: "enterprise")
            data.text("goods", String(shipment.goods.hs6.prefix(4)))
            data.int("quantity", quantity)
            data.text("unit", "KGM")
            data.day("validFrom", from)
            data.day("validUntil", until)
            data.text("endUse", "For sale in China")
            data.text("country", "CN")
            data.bool("networked", true)
            data.item(.issuePermit)
        }
    }

    /// The declaration.
    mutating func tellLodged(_ shipment: SampleShipment, at time: SampleTime, after cause: Int?) -> Int {
        let channel = random.chance(88) ? "single-window" : "other"
        let mode =
            random.chance(80) ? "ordinary" : random.pick(["periodic", "credit", "local-declaration-port-release"])
        let contract = random.below(1_000_000)
        return tell("declaration.lodged", .declarant, at: time, after: cause) { data in
            data.tag("declaration", shipment.number)
            data.text("kind", "goods")
            data.text("flow", shipment.flow)
            data.bool("preLodged", shipment.isDeclaredEarly)
            data.day("lodgedOn", time)
            data.text("office", shipment.port.customsOffice)
            data.int("itemCount", 1)
            data.object("parties") { data in
                data.text("declarant", shipment.broker.code)
                data.text(shipment.isImport ? "importer" : "exporter", shipment.trader.code)
            }
            data.found("enterprise", shipment.broker.code)
            data.found("enterprise", shipment.trader.code)
            data.write(transportOf: shipment)
            if let permit = shipment.permit { data.tags("permits", [permit], as: "permit") }
            data.write(itemsOf: shipment, tenfold: shipment.script == .amended)
            data.object("commercial") { data in
                data.decimal("price", shipment.cents)
                data.text("currency", "USD")
                data.text("terms", shipment.isImport ? "CIF" : "FOB")
                data.text("contract", "SC-\(contract)")
            }
            data.objects("partyDetails", [0]) { data, _ in
                data.text("role", shipment.isImport ? "seller" : "buyer")
                data.text("name", "Sample Trading \(shipment.partner.port)")
            }
            data.text("mode", mode)
            data.text("channel", channel)
            data.text("zone", "outside")
            data.text("port", shipment.port.locode)
            data.tag("conveyance", shipment.call.conveyance)
            data.text("voyage", shipment.call.voyage)
            // By sea, UNECE Recommendation 19.
            data.text("transportMode", "1")
            data.text("billOfLading", shipment.bill)
            data.bool("perishable", shipment.goods.isPerishable)
        }
    }

    /// From lodging to the assessment of risk, by way of what the script has in between; nil if it ends there.
    mutating func tellAcceptance(of shipment: SampleShipment, after lodged: Int) -> Int? {
        var last = lodged
        if shipment.script == .amended { last = tellAmendment(of: shipment, after: last) }
        let version = shipment.script == .amended ? 2 : 1
        for agency in shipment.releasers(at: time(last)) where agency != .maritime {
            last = tell("declaration.accepted", agency, 1...4, after: last) { data in
                data.tag("declaration", shipment.number)
                data.int("version", version)
                data.text("agencyReference", "\(data.agency.rawValue)-\(shipment.number.suffix(9))")
                data.acting(.documents, .accept)
            }
        }
        if shipment.script == .withdrawn {
            tellWithdrawal(of: shipment, after: last)
            return nil
        }
        if shipment.script == .documents { last = tellDocuments(for: shipment, after: last) }
        if let permit = shipment.permit { last = tellWriteOff(of: shipment, permit, after: last) }
        let isPassed = !shipment.script.isInspected
        let officers = officers(.customs, .documents)
        last = tell("declaration.examined", .customs, 1...15, after: last) { data in
            data.tag("declaration", shipment.number)
            data.text("office", shipment.port.customsOffice)
            data.text("result", isPassed ? "passed" : "inspection")
            data.text("valuation", "The price is within the range of the month.")
            data.acting(.documents, .examine)
            data.officers(officers)
        }
        let channel = isPassed ? random.chance(15) ? "yellow" : "green" : "red"
        let score = random.within(isPassed ? 0...3_000 : 6_000...9_900)
        return tell("risk.assessed", .customs, 1...3, after: last) { data in
            data.tag("declaration", shipment.number)
            data.text("office", shipment.port.customsOffice)
            data.text("channel", channel)
            data.text("ruleSet", "2018-03")
            data.decimal("score", score)
            data.texts("rules", isPassed ? [] : ["R-17", "R-203"])
            data.text("outcome", isPassed ? "none" : "physical")
            data.acting(.selecting, .assessRisk)
        }
    }

    private mutating func tellAmendment(of shipment: SampleShipment, after lodged: Int) -> Int {
        let rejected = tell("declaration.rejected", .customs, 3...20, after: lodged) { data in
            data.tag("declaration", shipment.number)
            data.text("concerns", "declaration")
            data.int("version", 1)
            data.objects("errors", [0]) { data, _ in
                data.text("code", "weight-mismatch")
                data.text("text", "The net weight is over the gross weight of the manifest.")
                data.text("location", "/items/0/netMass")
            }
            data.acting(.documents, .reject)
        }
        return tell("declaration.amended", .declarant, 20...150, after: rejected) { data in
            data.tag("declaration", shipment.number)
            data.text("stage", "requested")
            data.int("version", 2)
            data.objects("changes", [0]) { data, _ in
                data.text("reason", "weight")
                data.text("location", "/items/0/netMass")
            }
            data.text("channel", "single-window")
            data.write(itemsOf: shipment, tenfold: false)
        }
    }

    private mutating func tellWithdrawal(of shipment: SampleShipment, after accepted: Int) {
        let asked = tell("declaration.withdrawn", .declarant, 30...300, after: accepted) { data in
            data.tag("declaration", shipment.number)
            data.text("stage", "requested")
            data.objects("statements", [0]) { data, _ in data.text("text", "The goods were not shipped.") }
        }
        tell("declaration.withdrawn", .customs, 20...200, after: asked) { data in
            data.tag("declaration", shipment.number)
            data.text("stage", "decided")
            data.text("decision", "granted")
            data.acting(.documents, .examine)
        }
    }

    private mutating func tellDocuments(for shipment: SampleShipment, after accepted: Int) -> Int {
        let until = time(accepted) + 2 * SampleTime.day
        let asked = tell("document.requested", .customs, 5...30, after: accepted) { data in
            data.tag("declaration", shipment.number)
            data.text("office", shipment.port.customsOffice)
            data.texts("kinds", ["certificate-of-origin"])
            data.day("until", until)
            data.text("reason", "The origin does not fit the voyage.")
            data.acting(.documents, .askDocuments)
        }
        let informed = tell("information.requested", .customs, 1...5, after: asked) { data in
            data.tag("declaration", shipment.number)
            data.text("request", "R-\(shipment.number.suffix(9))")
            data.text("kind", "supplement")
            data.texts("questions", ["Who packed the container?"])
            data.time("until", until)
            data.tags("recipients", [SampleAgency.declarant.rawValue], as: "agency")
            data.acting(.documents, .askInformation)
        }
        let request = reference(asked)
        return tell("document.supplied", .declarant, 60...600, after: informed) { data in
            data.tag("declaration", shipment.number)
            data.reference("request", request)
            data.objects("documents", [0]) { data, _ in
                data.text("type", "certificate-of-origin")
                data.text("id", "CO-\(shipment.number.suffix(6))")
            }
            data.text("channel", "single-window")
            data.objects("statements", [0]) { data, _ in data.text("text", "Made in \(shipment.partner.country)") }
        }
    }

    /// The permit is compared with its issuer's record, and written off; once wrongly, if the script says so.
    private mutating func tellWriteOff(of shipment: SampleShipment, _ permit: String, after accepted: Int) -> Int {
        func writeOff(_ quantity: Int) -> SampleStep.Write {
            { data in
                data.tag("declaration", shipment.number)
                data.tag("permit", permit)
                data.int("item", 1)
                data.int("quantity", quantity)
                data.text("unit", "KGM")
                data.item(.writeOff)
            }
        }
        let verified = tell("permit.verified", .customs, 1...2, after: accepted) { data in
            data.tag("declaration", shipment.number)
            data.tag("permit", permit)
            data.int("item", 1)
            data.text("result", "match")
            data.int("quantity", shipment.kilograms)
            data.bool("writeOff", true)
            data.bool("automatic", true)
            data.item(.verifyPermit)
        }
        guard shipment.script == .corrected else {
            return tell("permit.writtenoff", .customs, 1...2, after: verified, writeOff(shipment.kilograms))
        }
        let wrong = tell("permit.writtenoff", .customs, 1...2, after: verified, writeOff(shipment.kilograms / 2))
        let (reference, next) = (reference(wrong), id(wrong + 2))
        let corrected = tell("record.corrected", .customs, 20...60, after: wrong) { data in
            data.tag("declaration", shipment.number)
            data.tag("permit", permit)
            data.text("event", reference.id)
            data.text("source", reference.source)
            data.text("by", next)
            data.text("basis", "wrong quantity")
        }
        return tell("permit.writtenoff", .customs, 1...3, after: corrected, writeOff(shipment.kilograms))
    }
}

extension SampleData {
    fileprivate mutating func write(transportOf shipment: SampleShipment) {
        object("transport") { data in
            data.bool("isContainerised", true)
            data.objects("containers", Array(zip(shipment.containers, shipment.seals))) { data, container in
                data.tag("id", container.0, as: "container")
                data.texts("seals", [container.1])
            }
        }
    }

    /// - Parameter tenfold: Whether the weight is a slip of the pen.
    fileprivate mutating func write(itemsOf shipment: SampleShipment, tenfold: Bool) {
        objects("items", [shipment.goods]) { data, goods in
            data.int("number", 1)
            data.text("hs6", goods.hs6)
            data.text("hsCode", goods.code)
            data.text("description", "\(goods.name) \(goods.description)")
            data.text("origin", shipment.isImport ? shipment.partner.country : "CN")
            data.object("netMass") { data in
                data.int("value", tenfold ? shipment.kilograms * 10 : shipment.kilograms)
                data.text("unit", "KGM")
            }
        }
    }
}
