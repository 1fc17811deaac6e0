/// The columns of the declarations file, in their order.
enum KCSColumn: Int, CaseIterable {
    case declarationID, date, office, processType, importType, importUse, paymentType, transportMode
    case declarant, importer, seller, courier, hs6, departureCountry, originCountry
    case taxRate, taxType, originIndicator, netMass, itemPrice, fraud, criticalFraud

    /// The name in the header.
    var header: String {
        switch self {
        case .declarationID: "Declaration ID"
        case .date: "Date"
        case .office: "Office ID"
        case .processType: "Process Type"
        case .importType: "Import Type"
        case .importUse: "Import Use"
        case .paymentType: "Payment Type"
        case .transportMode: "Mode of Transport"
        case .declarant: "Declarant ID"
        case .importer: "Importer ID"
        case .seller: "Seller ID"
        case .courier: "Courier ID"
        case .hs6: "HS6 Code"
        case .departureCountry: "Country of Departure"
        case .originCountry: "Country of Origin"
        case .taxRate: "Tax Rate"
        case .taxType: "Tax Type"
        case .originIndicator: "Country of Origin Indicator"
        case .netMass: "Net Mass"
        case .itemPrice: "Item Price"
        case .fraud: "Fraud"
        case .criticalFraud: "Critical Fraud"
        }
    }

    /// What is wrong with a header, or nil.
    static func fault(inHeader fields: [String]) -> String? {
        for column in allCases {
            guard column.rawValue < fields.count else { return "the header has no column “\(column.header)”" }
            let found = fields[column.rawValue]
            guard found == column.header else {
                let place = column.rawValue + 1
                return "column \(place) is “\(found)” where “\(column.header)” was expected"
            }
        }
        guard fields.count == allCases.count else {
            return "the header has \(fields.count) columns, not \(allCases.count)"
        }
        return nil
    }
}
