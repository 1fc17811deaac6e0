/// Small messages in the form the importer reads.
enum Messages {
    static func declaration(
        lrn: String, number: String? = nil, function: String = "9", type: String = "IMA", content: String = ""
    ) -> String {
        """
        <md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
          <md:WCOTypeName>DEC</md:WCOTypeName>
          <Declaration>
            <!-- a remark of no consequence -->
            <FunctionCode>\(function)</FunctionCode>
            <FunctionalReferenceID>\(lrn)</FunctionalReferenceID>
            \(number.map { "<ID>\($0)</ID>" } ?? "")
            <TypeCode>\(type)</TypeCode>
            <Declarant><ID>GB111111111111</ID></Declarant>
            \(content)
          </Declaration>
        </md:MetaData>
        """
    }

    static func response(
        _ code: String, at time: String, reference: String, lrn: String?, number: String?, version: String = "1",
        content: String = ""
    ) -> String {
        """
        <MetaData><WCOTypeName>RES</WCOTypeName><Response>
          <FunctionCode>\(code)</FunctionCode>
          <FunctionalReferenceID>\(reference)</FunctionalReferenceID>
          <IssueDateTime><DateTimeString formatCode="304">\(time)</DateTimeString></IssueDateTime>
          \(content)
          <Declaration>
            \(lrn.map { "<FunctionalReferenceID>\($0)</FunctionalReferenceID>" } ?? "")
            \(number.map { "<ID>\($0)</ID>" } ?? "")
            <VersionID>\(version)</VersionID>
          </Declaration>
        </Response></MetaData>
        """
    }

    static let item = """
        <GoodsShipment>
          <Consignment>
            <ArrivalTransportMeans>
              <ID>9074729</ID><IdentificationTypeCode>10</IdentificationTypeCode></ArrivalTransportMeans>
            <GoodsLocation><Name>FXTFXTFXT</Name><TypeCode>A</TypeCode>
              <Address><TypeCode>U</TypeCode><CountryCode>GB</CountryCode></Address></GoodsLocation>
            <TransportEquipment><ID>MSKU1234565</ID><Seal><ID>S-7</ID></Seal></TransportEquipment>
          </Consignment>
          <GovernmentAgencyGoodsItem>
            <SequenceNumeric>1</SequenceNumeric>
            <AdditionalDocument>
              <CategoryCode>N</CategoryCode><TypeCode>853</TypeCode><ID>GBCHD2026.1</ID></AdditionalDocument>
            <AdditionalDocument>
              <CategoryCode>N</CategoryCode><TypeCode>935</TypeCode><ID>INV-1</ID></AdditionalDocument>
            <Commodity>
              <Description>Clippers</Description>
              <Classification><ID>85109000</ID><IdentificationTypeCode>TSP</IdentificationTypeCode></Classification>
              <GoodsMeasure><NetNetWeightMeasure>100.50</NetNetWeightMeasure></GoodsMeasure>
              <InvoiceLine><ItemChargeAmount currencyID="GBP">007</ItemChargeAmount></InvoiceLine>
            </Commodity>
            <Origin><CountryCode>US</CountryCode><TypeCode>1</TypeCode></Origin>
          </GovernmentAgencyGoodsItem>
          <Importer><ID>GB222222222222</ID></Importer>
          <PreviousDocument><CategoryCode>Z</CategoryCode><ID>5GB1-X</ID><TypeCode>DCR</TypeCode></PreviousDocument>
        </GoodsShipment>
        """
}
