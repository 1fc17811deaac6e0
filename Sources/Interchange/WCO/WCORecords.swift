/// Records for structures that recur all over the WCO Data Model.
enum WCORecords {
    /// An amount and its currency.
    static func amount(_ element: MessageElement?) -> DataRecord? {
        guard let element, !element.text.isEmpty else { return nil }
        return DataRecord(
            value: element.text, key: "amount", unit: element.attributes["currencyID"], unitKey: "currency")
    }

    /// A measure and its unit; a mass without one is in kilograms.
    static func measure(_ element: MessageElement?, unit: String? = nil) -> DataRecord? {
        guard let element, !element.text.isEmpty else { return nil }
        return DataRecord(
            value: element.text, key: "value", unit: element.attributes["unitCode"] ?? unit, unitKey: "unit")
    }

    /// A moment as RFC 3339; what is no time the messages are checked against stays as it is written.
    static func time(_ element: MessageElement?) -> String? {
        guard let text = element?.value("DateTimeString") else { return nil }
        return MessageTime(text)?.text ?? text
    }

    /// Name and address of a party, without its number.
    static func details(of party: MessageElement?, role: String) -> DataRecord {
        var record = DataRecord()
        guard let party, party.value("Name") != nil || party["Address"]?.children.isEmpty == false else {
            return record
        }
        record.set("role", role)
        // Whom the details are about: by this name they are erased.
        record.set("name", party.value("Name") ?? "unnamed")
        record.set("address", address(party["Address"]))
        return record
    }

    static func address(_ element: MessageElement?) -> DataRecord {
        var record = DataRecord()
        record.set("line", element?.value("Line"))
        record.set("city", element?.value("CityName"))
        record.set("postcode", element?.value("PostcodeID"))
        record.set("country", element?.value("CountryCode"))
        return record
    }

    /// A party by its number alone.
    static func party(_ element: MessageElement?) -> DataRecord {
        var record = DataRecord()
        record.set("id", element?.value("ID"))
        return record
    }

    /// Statements: code, kind, text, a deadline and what they point at.
    ///
    /// - Parameter item: The number of the item they are about. They are free text in which persons are named, so all of
    ///   a declaration stand together, to be classified as one.
    static func statements(of element: MessageElement, item: String? = nil) -> [DataRecord] {
        element.all("AdditionalInformation").map { Self.statement($0, item: item) }
    }

    static func statement(_ statement: MessageElement, item: String? = nil) -> DataRecord {
        var record = DataRecord()
        record.set("item", number: item)
        record.set("code", statement.value("StatementCode"))
        record.set("type", statement.value("StatementTypeCode"))
        record.set("text", statement.value("StatementDescription"))
        record.set("until", time(statement["LimitDateTime"]))
        record.set("location", PointerText.path(of: statement))
        return record
    }

    /// What an amendment changes: why, and where.
    static func changes(of element: MessageElement) -> [DataRecord] {
        element.all("Amendment").map { amendment in
            var record = DataRecord()
            record.set("reason", amendment.value("ChangeReasonCode"))
            record.set("location", PointerText.path(of: amendment))
            return record
        }
    }

    static func previousDocuments(of element: MessageElement?) -> [DataRecord] {
        (element?.all("PreviousDocument") ?? []).map { document in
            var record = DataRecord()
            record.set("category", document.value("CategoryCode"))
            record.set("type", document.value("TypeCode"))
            record.set("id", document.value("ID"))
            record.set("line", number: document.value("LineNumeric"))
            return record
        }
    }

    static func documents(of element: MessageElement) -> [DataRecord] {
        element.all("AdditionalDocument").map { document in
            var record = DataRecord()
            record.set("category", document.value("CategoryCode"))
            record.set("type", document.value("TypeCode"))
            record.set("id", document.value("ID"))
            record.set("name", document.value("Name"))
            record.set("status", document.value("LPCOExemptionCode"))
            record.set("writeOff", measure(document["WriteOff"]?["QuantityQuantity"]))
            return record
        }
    }

    /// The amounts written off against documents.
    static func writtenOff(of element: MessageElement) -> [DataRecord] {
        element.all("AdditionalDocument").map { document in
            var record = DataRecord()
            guard let amount = amount(document["WriteOff"]?["AmountAmount"]) else { return record }
            record.set("id", document.value("ID"))
            record.set("writeOff", amount)
            return record
        }
    }

    /// Seals and containers.
    static func containers(of element: MessageElement?) -> [DataRecord] {
        (element?.all("TransportEquipment") ?? []).map { equipment in
            var record = DataRecord()
            record.set("id", equipment.value("ID"))
            record.set("seals", equipment.all("Seal").compactMap { $0.value("ID") })
            return record
        }
    }

    /// A means of transport: what identifies it and by which scheme (10 IMO number, 11 ship's name, 40 flight …).
    static func means(_ element: MessageElement?) -> DataRecord {
        var record = DataRecord()
        record.set("id", element?.value("ID"))
        record.set("idType", element?.value("IdentificationTypeCode"))
        record.set("nationality", element?.value("RegistrationNationalityCode"))
        record.set("mode", element?.value("ModeCode"))
        return record
    }

    /// Where goods lie, as country, type, qualifier and code in one, the form the movement messages use.
    static func locationCode(_ element: MessageElement?) -> String? {
        guard let element, let name = element.value("Name") else { return nil }
        return (element.value("Address", "CountryCode") ?? "") + (element.value("TypeCode") ?? "")
            + (element.value("Address", "TypeCode") ?? "") + name
    }
}
