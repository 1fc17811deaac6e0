/// Maps the authority's answers (RES).
///
/// | code | says | event |
/// |---|---|---|
/// | 01 | legally accepted | `declaration.accepted` |
/// | 02 | received: a lodgement ahead of the goods, or a request | `notice.acknowledged` |
/// | 03 | rejected | `declaration.rejected` |
/// | 05 | control intended | `inspection.ordered` |
/// | 06 | documents wanted | `document.requested` |
/// | 07 | result of control | `inspection.completed` |
/// | 08 | goods released, formalities open | `release.granted` |
/// | 09 | cleared | `clearance.closed` |
/// | 10 | invalidated | `declaration.withdrawn` |
/// | 11 | decision on a request | `declaration.amended`, or `declaration.withdrawn` if that was asked |
/// | 13 | duty calculated | `duty.assessed` |
/// | 14, 15 | payment wanted | `duty.assessed`, stage `payment-wanted` or `payment-reminded` |
/// | 16 | exit confirmed | `conveyance.departed` |
///
/// A receipt is not an acceptance: duty points and deadlines hang on the acceptance alone. One answer gives one event:
/// that goods are free to go is said by 08 where it is said; whether a clearance without an 08 means it too is for the
/// rules of the port to say, and `release.completed` is theirs alone.
struct ResponseMapper {
    /// The function codes that are mapped.
    static let codes: Set<String> = [
        "01", "02", "03", "05", "06", "07", "08", "09", "10", "11", "13", "14", "15", "16",
    ]

    /// The type an answer becomes; `request` is what was asked if the answer decides on a request.
    static func type(code: String, request: WCOMessage.Request?) -> EventType? {
        switch code {
        case "01": .declarationAccepted
        case "02": .noticeAcknowledged
        case "03": .declarationRejected
        case "05": .inspectionOrdered
        case "06": .documentRequested
        case "07": .inspectionCompleted
        case "08": .releaseGranted
        case "09": .clearanceClosed
        case "10": .declarationWithdrawn
        case "11": request == .withdrawal ? .declarationWithdrawn : .declarationAmended
        case "13", "14", "15": .dutyAssessed
        case "16": .conveyanceDeparted
        default: nil
        }
    }

    /// The data of an answer.
    ///
    /// - Complexity: O(*n*) in the number of elements.
    func record(of response: MessageElement, code: String) -> DataRecord {
        var record = DataRecord()
        let declaration = response["Declaration"]
        record.set("version", number: declaration?.value("VersionID"))
        record.set("responseCode", code)
        record.set("notification", response.value("FunctionalReferenceID"))
        record.set("stage", Self.stage(code))
        let statuses = response.all("Status").compactMap { $0.value("NameCode") }
        record.set("status", statuses.first)
        if code == "11", statuses.first == "39" { record.set("decision", "granted") }
        record.set("effectiveAt", WCORecords.time(response["Status"]?["EffectiveDateTime"]))
        record.set("acceptedAt", WCORecords.time(declaration?["AcceptanceDateTime"]))
        record.set("rejectedAt", WCORecords.time(declaration?["RejectionDateTime"]))
        record.set("cancelledAt", WCORecords.time(declaration?["CancellationDateTime"]))
        record.set("exitOffice", Self.exitOffice(response))
        // The statement that confirms an exit holds its office and nothing else.
        let statements = response.all("AdditionalInformation").filter { $0.value("StatementTypeCode") != "CEX" }
        record.set("statements", statements.map { WCORecords.statement($0) })
        record.set("errors", errors(of: response))
        // A second declaration without a number holds the values now in force.
        var content = DataRecord()
        for amended in response.all("Declaration").dropFirst() {
            content.merge(DeclarationMapper().record(of: amended))
        }
        if code == "07" {
            // What a control found, and what it put right, are classified together.
            let (classified, corrected) = content.split(ClassifiedMembers.names)
            record.set("findings", WCORecords.changes(of: response))
            record.set("corrected", corrected)
            record.merge(classified)
        } else {
            record.set("changes", WCORecords.changes(of: response))
            record.merge(content)
        }
        if ["13", "14", "15"].contains(code) {
            record.set("amounts", amounts(of: response))
        }
        return record
    }

    /// The office that a statement confirming an exit names.
    static func exitOffice(_ response: MessageElement) -> String? {
        response.all("AdditionalInformation").first { $0.value("StatementTypeCode") == "CEX" }?
            .value("StatementDescription")
    }

    private static func stage(_ code: String) -> String? {
        switch code {
        case "02": "received"
        case "10": "completed"
        case "11": "decided"
        case "14": "payment-wanted"
        case "15": "payment-reminded"
        default: nil
        }
    }

    private func errors(of response: MessageElement) -> [DataRecord] {
        response.all("Error").map { error in
            var record = DataRecord()
            record.set("code", error.value("ValidationCode"))
            record.set("text", error.value("Description"))
            record.set("location", PointerText.path(of: error))
            return record
        }
    }

    /// All amounts of a tax calculation together, and the account to pay to.
    private func amounts(of response: MessageElement) -> DataRecord {
        var record = DataRecord()
        let items = response.descendants("Declaration", "GoodsShipment", "GovernmentAgencyGoodsItem")
        record.set(
            "items",
            items.map { item in
                var assessed = DataRecord()
                assessed.set("number", number: item.value("SequenceNumeric"))
                assessed.set("taxes", item.descendants("Commodity", "DutyTaxFee").map(tax))
                return assessed
            })
        var bank = DataRecord()
        bank.set("reference", response.value("Bank", "ReferenceID"))
        bank.set("account", response.value("Bank", "ID"))
        record.set("bank", bank)
        return record
    }

    private func tax(_ element: MessageElement) -> DataRecord {
        var record = DataRecord()
        record.set("type", element.value("TypeCode"))
        record.set("preference", element.value("DutyRegimeCode"))
        record.set("rate", number: element.value("TaxRateNumeric"))
        record.set("base", WCORecords.amount(element["AdValoremTaxBaseAmount"]))
        record.set("baseQuantity", WCORecords.measure(element["SpecificTaxBaseQuantity"]))
        record.set("deducted", WCORecords.amount(element["DeductAmount"]))
        record.set("assessed", WCORecords.amount(element["Payment"]?["TaxAssessedAmount"]))
        record.set("payable", WCORecords.amount(element["Payment"]?["PaymentAmount"]))
        record.set("method", element.value("Payment", "MethodCode"))
        return record
    }
}
