/// Maps the content of a declaration (DEC), or of the part of one that an amendment or an answer carries.
///
/// What a trader keeps from competitors stands together in `commercial` (prices, values, amounts, seller, buyer), names
/// and addresses in `partyDetails` and free text in `statements`, those of the items too: so each can be shared or
/// withheld as a whole. `parties` holds numbers.
struct DeclarationMapper {
    /// The data of a declaration, in the order of the event.
    ///
    /// - Complexity: O(*n*) in the number of elements.
    func record(of declaration: MessageElement) -> DataRecord {
        var record = DataRecord()
        let shipment = declaration["GoodsShipment"]
        let items = shipment?.all("GovernmentAgencyGoodsItem") ?? []
        record.set("typeCode", declaration.value("TypeCode"))
        record.set("procedureCategory", declaration.value("ProcedureCategory"))
        record.set("acceptanceDate", WCORecords.time(declaration["AcceptanceDateTime"]))
        record.set("itemCount", number: declaration.value("GoodsItemQuantity"))
        record.set("packageCount", number: declaration.value("TotalPackageQuantity"))
        record.set("office", declaration.value("DeclarationOfficeID"))
        record.set("exitOffice", declaration.value("ExitOffice", "ID"))
        record.set("supervisingOffice", declaration.value("SupervisingOffice", "ID"))
        record.set("transactionNature", shipment?.value("TransactionNatureCode"))
        record.set("consignmentReference", shipment?.value("UCR", "TraderAssignedReferenceID"))
        record.set("destinationCountry", shipment?.value("Destination", "CountryCode"))
        record.set("departureCountry", shipment?.value("ExportCountry", "ID"))
        record.set("tradeTerms", tradeTerms(shipment?["TradeTerms"]))
        record.set("warehouse", warehouse(shipment?["Warehouse"]))
        record.set("parties", parties(of: declaration))
        record.set("partyDetails", details(of: declaration, items: items))
        record.set("authorisations", authorisations(of: declaration))
        record.set("guarantees", guarantees(of: declaration))
        record.set("transport", transport(of: declaration))
        record.set("documents", WCORecords.documents(of: declaration))
        record.set("previousDocuments", WCORecords.previousDocuments(of: shipment))
        record.set(
            "statements",
            WCORecords.statements(of: declaration)
                + items.flatMap { WCORecords.statements(of: $0, item: $0.value("SequenceNumeric")) })
        record.set("commercial", commercial(of: declaration, items: items))
        record.set("items", items.map(GoodsItemMapper().record(of:)))
        return record
    }

    /// `import`, `export`, or `special` for trade with special fiscal territories, by the first letters of the type.
    static func flow(_ typeCode: String?) -> String? {
        switch typeCode?.prefix(2) {
        case "IM": "import"
        case "EX": "export"
        case "CO": "special"
        default: nil
        }
    }

    /// Whether the type says that the declaration is lodged before the goods are there; nil for unknown types.
    static func isPreLodged(_ typeCode: String?) -> Bool? {
        guard let typeCode, typeCode.utf8.count == 3, let kind = typeCode.last else { return nil }
        return switch kind {
        case "D", "E", "F", "K": true
        case "A", "B", "C", "J", "X", "Y", "Z": false
        default: nil
        }
    }

    private func tradeTerms(_ element: MessageElement?) -> DataRecord {
        var record = DataRecord()
        record.set("condition", element?.value("ConditionCode"))
        record.set("location", element?.value("LocationID") ?? element?.value("LocationName"))
        return record
    }

    private func warehouse(_ element: MessageElement?) -> DataRecord {
        var record = DataRecord()
        record.set("id", element?.value("ID"))
        record.set("type", element?.value("TypeCode"))
        return record
    }

    private func parties(of declaration: MessageElement) -> DataRecord {
        var record = DataRecord()
        let shipment = declaration["GoodsShipment"]
        record.set("declarant", declaration.value("Declarant", "ID"))
        record.set("submitter", declaration.value("Submitter", "ID"))
        record.set("representative", declaration.value("Agent", "ID"))
        record.set("representation", declaration.value("Agent", "FunctionCode"))
        record.set("importer", shipment?.value("Importer", "ID"))
        record.set("exporter", declaration.value("Exporter", "ID"))
        record.set("consignee", shipment?.value("Consignee", "ID"))
        record.set("carrier", declaration.value("Consignment", "Carrier", "ID"))
        record.set(
            "others",
            (shipment.map(Self.otherParties) ?? []).map { other in
                var party = DataRecord()
                party.set("role", other.value("RoleCode"))
                party.set("id", other.value("ID"))
                return party
            })
        return record
    }

    /// Parties in further roles: liable for tax, or part of the supply chain.
    static func otherParties(of shipment: MessageElement) -> [MessageElement] {
        shipment.all("DomesticDutyTaxParty") + shipment.all("AEOMutualRecognitionParty")
    }

    /// Names and addresses, each once for a role: items repeat their consignee.
    private func details(of declaration: MessageElement, items: [MessageElement]) -> [DataRecord] {
        let shipment = declaration["GoodsShipment"]
        let all =
            [
                WCORecords.details(of: declaration["Declarant"], role: "declarant"),
                WCORecords.details(of: declaration["Agent"], role: "representative"),
                WCORecords.details(of: shipment?["Importer"], role: "importer"),
                WCORecords.details(of: declaration["Exporter"], role: "exporter"),
                WCORecords.details(of: shipment?["Consignee"], role: "consignee"),
                WCORecords.details(of: declaration["Consignment"]?["Carrier"], role: "carrier"),
                WCORecords.details(of: shipment?["Seller"], role: "seller"),
                WCORecords.details(of: shipment?["Buyer"], role: "buyer"),
            ] + items.map { WCORecords.details(of: $0["Consignee"], role: "consignee") }
        var seen: Set<DataRecord> = []
        return all.filter { seen.insert($0).inserted }
    }

    private func authorisations(of declaration: MessageElement) -> [DataRecord] {
        declaration.all("AuthorisationHolder").map { holder in
            var record = DataRecord()
            record.set("type", holder.value("CategoryCode"))
            record.set("holder", holder.value("ID"))
            return record
        }
    }

    private func guarantees(of declaration: MessageElement) -> [DataRecord] {
        declaration.all("ObligationGuarantee").map { guarantee in
            var record = DataRecord()
            record.set("type", guarantee.value("SecurityDetailsCode"))
            record.set("id", guarantee.value("ID"))
            record.set("reference", guarantee.value("ReferenceID"))
            return record
        }
    }

    private func guaranteed(by declaration: MessageElement) -> [DataRecord] {
        declaration.all("ObligationGuarantee").map { guarantee in
            var record = DataRecord()
            guard let amount = WCORecords.amount(guarantee["AmountAmount"]) else { return record }
            record.set("id", guarantee.value("ID") ?? guarantee.value("ReferenceID"))
            record.merge(amount)
            return record
        }
    }

    private func transport(of declaration: MessageElement) -> DataRecord {
        var record = DataRecord()
        let consignment = declaration["GoodsShipment"]?["Consignment"]
        if let code = consignment?.value("ContainerCode") { record.set("isContainerised", code == "1") }
        record.set("border", WCORecords.means(declaration["BorderTransportMeans"]))
        record.set("arrival", WCORecords.means(consignment?["ArrivalTransportMeans"]))
        record.set("departure", WCORecords.means(consignment?["DepartureTransportMeans"]))
        record.set("goodsLocation", WCORecords.locationCode(consignment?["GoodsLocation"]))
        record.set("loadingLocation", consignment?.value("LoadingLocation", "ID"))
        record.set("containers", WCORecords.containers(of: consignment))
        let itinerary = declaration["Consignment"]?.all("Itinerary") ?? []
        record.set("itinerary", itinerary.compactMap { $0.value("RoutingCountryCode") })
        record.set("freightPayment", declaration.value("Consignment", "Freight", "PaymentMethodCode"))
        return record
    }

    private func commercial(of declaration: MessageElement, items: [MessageElement]) -> DataRecord {
        var record = DataRecord()
        let shipment = declaration["GoodsShipment"]
        record.set("invoice", WCORecords.amount(declaration["InvoiceAmount"]))
        record.set("seller", WCORecords.party(shipment?["Seller"]))
        record.set("buyer", WCORecords.party(shipment?["Buyer"]))
        record.set("freight", WCORecords.amount(shipment?["CustomsValuation"]?["FreightChargeAmount"]))
        record.set("charges", GoodsItemMapper.charges(of: shipment?["CustomsValuation"]))
        record.set("guarantees", guaranteed(by: declaration))
        record.set("documents", WCORecords.writtenOff(of: declaration))
        record.set("items", items.map(GoodsItemMapper().commercial(of:)))
        return record
    }
}
