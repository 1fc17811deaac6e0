/// Tells what a parsed file is, or why it cannot be mapped.
enum WCOMessageClassifier {
    /// - Throws: ``Refusal`` naming the element that is missing, unknown or out of place.
    static func classify(_ root: MessageElement, file: SourceFile, index: Int) throws(Refusal) -> WCOMessage {
        switch root.name {
        case "MetaData":
            return try document(root, receivedAt: nil, file: file, index: index)
        case "submitDeclarationRequest":
            let wrapped = root.descendants("requestDetail", "MetaData")
            guard wrapped.count == 1, let document = wrapped.first else {
                throw Refusal("wraps \(wrapped.count) messages where one was expected", line: root.line)
            }
            let received = root.value("requestCommon", "receiptDate").flatMap(MessageTime.init)
            return try self.document(document, receivedAt: received, file: file, index: index)
        case "inventoryLinkingMovementRequest", "inventoryLinkingConsolidationRequest":
            let code = root.value("messageCode") ?? ""
            guard let movement = WCOMessage.Movement(rawValue: code),
                movement != .importArrival, movement != .importValidation
            else {
                throw Refusal("has the message code “\(abbreviated(code))”, which is not known", line: root.line)
            }
            guard root.value("ucrBlock", "ucr") ?? root.value("masterUCR") != nil else {
                throw Refusal("names no consignment (ucr, masterUCR)", line: root.line)
            }
            try checkTimes(of: root, ["goodsArrivalDateTime", "goodsDepartureDateTime"])
            return message(.movement(movement), root, file, index)
        case "inventoryLinkingImportsGoodsArrival":
            try require(root, "entryNumber")
            return message(.movement(.importArrival), root, file, index)
        case "InventoryLinkingImportsValidateMovementResponse":
            try require(root, "entryNumber")
            return message(.movement(.importValidation), root, file, index)
        case "DeclarationFullResponse", "DeclarationVersionResponse":
            return message(.report, root, file, index)
        default:
            throw Refusal("has the root element “\(abbreviated(root.name))”, which no mapping is for", line: root.line)
        }
    }

    private static func document(
        _ document: MessageElement, receivedAt: MessageTime?, file: SourceFile, index: Int
    ) throws(Refusal) -> WCOMessage {
        let type = document.value("WCOTypeName") ?? ""
        let bodies = document.children.filter { $0.name == "Declaration" || $0.name == "Response" }
        guard bodies.count == 1, let body = bodies.first else {
            throw Refusal("holds \(bodies.count) messages where one was expected", line: document.line)
        }
        switch (type, body.name) {
        case ("DEC", "Declaration"):
            return WCOMessage(
                file: file, kind: try declarationKind(body), body: body, receivedAt: receivedAt, index: index)
        case ("RES", "Response"):
            return message(try responseKind(body), body, file, index)
        default:
            throw Refusal(
                "has WCOTypeName “\(abbreviated(type))” over a \(body.name); only DEC/Declaration and RES/Response are mapped",
                line: document.line)
        }
    }

    private static func declarationKind(_ body: MessageElement) throws(Refusal) -> WCOMessage.Kind {
        try require(body, "FunctionalReferenceID")
        try require(body, "TypeCode")
        switch body.value("FunctionCode") {
        case "9":
            try checkTimes(of: body, ["IssueDateTime", "AcceptanceDateTime"])
            return .lodgement
        case "13":
            let code = body.value("TypeCode") ?? ""
            guard let request = WCOMessage.Request(rawValue: code) else {
                throw Refusal("asks for “\(abbreviated(code))”; COR, INV and GPR are mapped", line: body.line)
            }
            try require(body, "ID")
            return .request(request)
        case let code:
            throw Refusal(
                "has the function code “\(abbreviated(code ?? ""))”; 9 and 13 are mapped", line: body.line)
        }
    }

    private static func responseKind(_ body: MessageElement) throws(Refusal) -> WCOMessage.Kind {
        let code = body.value("FunctionCode") ?? ""
        let padded = code.utf8.count == 1 ? "0" + code : code
        guard ResponseMapper.codes.contains(padded) else {
            throw Refusal("has the function code “\(abbreviated(code))”, which no mapping is for", line: body.line)
        }
        guard body.value("Declaration", "ID") ?? body.value("Declaration", "FunctionalReferenceID") != nil else {
            throw Refusal("names no declaration, neither by ID nor by FunctionalReferenceID", line: body.line)
        }
        guard body.value("IssueDateTime", "DateTimeString") != nil else {
            throw Refusal("has no IssueDateTime", line: body.line)
        }
        try checkTimes(of: body, ["IssueDateTime"])
        return .response(padded)
    }

    /// Times that order or date the event must be times.
    private static func checkTimes(of body: MessageElement, _ names: [String]) throws(Refusal) {
        for name in names {
            guard let element = body[name] else { continue }
            let text = element.value("DateTimeString") ?? element.text
            guard MessageTime(text) != nil else {
                throw Refusal("has a \(name) that is no time: “\(abbreviated(text))”", line: element.line)
            }
        }
    }

    private static func require(_ body: MessageElement, _ name: String) throws(Refusal) {
        guard body.value(name) != nil else { throw Refusal("has no \(name)", line: body.line) }
    }

    private static func message(
        _ kind: WCOMessage.Kind, _ body: MessageElement, _ file: SourceFile, _ index: Int
    ) -> WCOMessage {
        WCOMessage(file: file, kind: kind, body: body, receivedAt: nil, index: index)
    }

    /// A value short enough to stand in a reason, without control characters.
    static func abbreviated(_ text: String) -> String {
        let shown = String(
            text.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(40).map(Character.init))
        return text.unicodeScalars.count > 40 ? shown + "…" : shown
    }
}
