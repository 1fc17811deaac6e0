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
}
