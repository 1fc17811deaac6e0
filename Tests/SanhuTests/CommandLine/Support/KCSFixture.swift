/// Declarations in the columns of the Korea Customs Service, made up.
enum KCSFixture {
    static let header = """
        Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,\
        Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,\
        Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud
        """

    static func row(_ number: Int, fraud: Int = 0) -> String {
        "\(number),2020-01-01,30,B,11,21,11,10,ZZR1LT6,QLRUBN9,0VKY2BR,,440890,BE,BE,0.0,FEU1,G,108.0,372254.4,"
            + "\(fraud),\(fraud)"
    }

    static func text(rows: Int) -> String {
        ([header] + (1...rows).map { row($0) }).joined(separator: "\n") + "\n"
    }
}
