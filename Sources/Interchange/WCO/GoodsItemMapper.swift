/// Maps an item of goods: what it is on one side, what it costs on the other.
struct GoodsItemMapper {
    /// What the item is. Nothing in here says what it costs.
    func record(of item: MessageElement) -> DataRecord {
        var record = DataRecord()
        let commodity = item["Commodity"]
        let codes = commodity?.all("Classification") ?? []
        record.set("number", number: item.value("SequenceNumeric"))
        record.set("hs6", Self.harmonizedCode(of: item))
        record.set("hsCode", Self.code("TSP", in: codes).first)
        record.set("taricCode", Self.code("TRC", in: codes).first)
        record.set("additionalCodes", Self.code("TRA", in: codes))
        record.set("nationalCodes", Self.code("GN", in: codes))
        record.set("description", commodity?.value("Description"))
        record.set("origin", Self.origins(of: item).first { $0.value("TypeCode") != "2" }?.value("CountryCode"))
        record.set(
            "preferentialOrigin", Self.origins(of: item).first { $0.value("TypeCode") == "2" }?.value("CountryCode"))
        record.set("destinationCountry", item.value("Destination", "CountryCode"))
        record.set("departureCountry", item.value("ExportCountry", "ID"))
        record.set("transactionNature", item.value("TransactionNatureCode"))
        record.set("procedure", procedure(of: item))
        record.set("grossMass", WCORecords.measure(commodity?["GoodsMeasure"]?["GrossMassMeasure"], unit: "KGM"))
        record.set("netMass", WCORecords.measure(commodity?["GoodsMeasure"]?["NetNetWeightMeasure"], unit: "KGM"))
        record.set("supplementaryQuantity", WCORecords.measure(commodity?["GoodsMeasure"]?["TariffQuantity"]))
        record.set("packages", packages(of: item))
        record.set("containers", WCORecords.containers(of: commodity))
        record.set("valuation", valuation(of: item))
        record.set("taxes", taxes(of: commodity))
        record.set("documents", WCORecords.documents(of: item))
        record.set("previousDocuments", WCORecords.previousDocuments(of: item))
        record.set(
            "others",
            item.all("DomesticDutyTaxParty").map { other in
                var party = DataRecord()
                party.set("role", other.value("RoleCode"))
                party.set("id", other.value("ID"))
                return party
            })
        return record
    }

    /// What the item costs: price, values, charges, amounts of tax declared.
    func commercial(of item: MessageElement) -> DataRecord {
        var costs = DataRecord()
        let commodity = item["Commodity"]
        costs.set("price", WCORecords.amount(commodity?["InvoiceLine"]?["ItemChargeAmount"]))
        costs.set("statisticalValue", WCORecords.amount(item["StatisticalValueAmount"]))
        costs.set("customsValue", WCORecords.amount(item["CustomsValueAmount"]))
        costs.set("charges", Self.charges(of: item["CustomsValuation"]))
        costs.set("documents", WCORecords.writtenOff(of: item))
        costs.set(
            "taxes",
            (commodity?.all("DutyTaxFee") ?? []).map { tax in
                var amounts = DataRecord()
                // In many cases counted in money.
                amounts.set("baseQuantity", WCORecords.measure(tax["SpecificTaxBaseQuantity"]))
                amounts.set("assessed", WCORecords.amount(tax["Payment"]?["TaxAssessedAmount"]))
                amounts.set("payable", WCORecords.amount(tax["Payment"]?["PaymentAmount"]))
                guard !amounts.isEmpty else { return amounts }
                var record = DataRecord()
                record.set("type", tax.value("TypeCode"))
                record.merge(amounts)
                return record
            })
        guard !costs.isEmpty else { return costs }
        var record = DataRecord()
        record.set("number", number: item.value("SequenceNumeric"))
        record.merge(costs)
        return record
    }

    /// The six digits all countries share, if the item carries a commodity code of at least six digits.
    static func harmonizedCode(of item: MessageElement) -> String? {
        guard let code = code("TSP", in: item["Commodity"]?.all("Classification") ?? []).first else { return nil }
        let digits = code.prefix(6)
        return digits.utf8.count == 6 && digits.allSatisfy { $0.isASCII && $0.isNumber } ? String(digits) : nil
    }

    /// Amounts added to or taken off the price.
    static func charges(of valuation: MessageElement?) -> [DataRecord] {
        (valuation?.all("ChargeDeduction") ?? []).map { charge in
            var record = DataRecord()
            record.set("type", charge.value("ChargesTypeCode"))
            if let amount = WCORecords.amount(charge["OtherChargeDeductionAmount"]) { record.merge(amount) }
            return record
        }
    }

    private static func code(_ scheme: String, in classifications: [MessageElement]) -> [String] {
        classifications.filter { $0.value("IdentificationTypeCode") == scheme }.compactMap { $0.value("ID") }
    }

    private static func origins(of item: MessageElement) -> [MessageElement] {
        item.all("Origin")
    }

    private func procedure(of item: MessageElement) -> DataRecord {
        var record = DataRecord()
        let procedures = item.all("GovernmentProcedure")
        let main = procedures.first { $0.value("PreviousCode") != nil }
        record.set("requested", main?.value("CurrentCode"))
        record.set("previous", main?.value("PreviousCode"))
        record.set(
            "additional", procedures.filter { $0.value("PreviousCode") == nil }.compactMap { $0.value("CurrentCode") })
        return record
    }

    private func packages(of item: MessageElement) -> [DataRecord] {
        item.all("Packaging").map { package in
            var record = DataRecord()
            record.set("number", number: package.value("SequenceNumeric"))
            record.set("type", package.value("TypeCode"))
            record.set("count", number: package.value("QuantityQuantity"))
            record.set("marks", package.value("MarksNumbersID"))
            return record
        }
    }

    private func valuation(of item: MessageElement) -> DataRecord {
        var record = DataRecord()
        record.set("method", item.value("CustomsValuation", "MethodCode"))
        record.set("adjustments", item.all("ValuationAdjustment").compactMap { $0.value("AdditionCode") })
        return record
    }

    /// The taxes declared, without amounts and quantities.
    private func taxes(of commodity: MessageElement?) -> [DataRecord] {
        (commodity?.all("DutyTaxFee") ?? []).map { tax in
            var record = DataRecord()
            record.set("type", tax.value("TypeCode"))
            record.set("preference", tax.value("DutyRegimeCode"))
            record.set("quota", tax.value("QuotaOrderID"))
            record.set("method", tax.value("Payment", "MethodCode"))
            return record
        }
    }
}
