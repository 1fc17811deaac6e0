/// Messages of the WCO Data Model, made up: a lodgement that knows only its local reference, and the answers to it.
enum WCOFixture {
    static func lodgement(_ reference: String) -> String {
        """
        <md:MetaData xmlns:md="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" xmlns="urn:wco:datamodel:WCO:DEC-DMS:2">
          <md:WCOTypeName>DEC</md:WCOTypeName>
          <Declaration>
            <FunctionCode>9</FunctionCode>
            <FunctionalReferenceID>\(reference)</FunctionalReferenceID>
            <TypeCode>IMA</TypeCode>
            <Declarant><ID>GB111111111111</ID></Declarant>
          </Declaration>
        </md:MetaData>
        """
    }

    static func answer(_ code: String, at time: String, reference: String, number: String) -> String {
        """
        <MetaData><WCOTypeName>RES</WCOTypeName><Response>
          <FunctionCode>\(code)</FunctionCode>
          <FunctionalReferenceID>R-\(reference)-\(code)</FunctionalReferenceID>
          <IssueDateTime><DateTimeString formatCode="304">\(time)</DateTimeString></IssueDateTime>
          <Declaration>
            <FunctionalReferenceID>\(reference)</FunctionalReferenceID>
            <ID>\(number)</ID>
            <VersionID>1</VersionID>
          </Declaration>
        </Response></MetaData>
        """
    }
}
