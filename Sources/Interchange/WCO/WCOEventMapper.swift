import EventLog

/// Turns a placed message of a scenario into the event it is.
struct WCOEventMapper {
    let profile: WCOProfile
    let references: ScenarioReferences

    struct Mapped {
        let draft: EventDraft
        let type: EventType
        let id: String
        let remarks: [String]
    }

    /// - Throws: ``Refusal`` if the message names nothing the event could be about, or is over a limit.
    func map(_ placed: WCOSequencer.Placed) throws(Refusal) -> Mapped {
        let message = placed.message
        switch message.kind {
        case .lodgement: return try mapLodgement(placed)
        case .request(let request): return try mapRequest(placed, request)
        case .response(let code): return try mapResponse(placed, code)
        case .movement(let movement): return try mapMovement(placed, movement)
        case .report:
            throw Refusal("is a copy of a declaration, fetched from the authority: nothing happened in it", line: 1)
        }
    }

    private func mapLodgement(_ placed: WCOSequencer.Placed) throws(Refusal) -> Mapped {
        let message = placed.message
        let typeCode = message.body.value("TypeCode")
        var data = identity(of: message)
        data.set("kind", "goods")
        data.set("flow", DeclarationMapper.flow(typeCode))
        if let isPreLodged = DeclarationMapper.isPreLodged(typeCode) { data.set("preLodged", isPreLodged) }
        data.set("timeBasis", basis(placed))
        data.merge(DeclarationMapper().record(of: message.body))
        let declarant = message.body.value("Declarant", "ID") ?? "-"
        let reference = message.localReference ?? "-"
        var tagger = tagger(for: message)
        tagger.addContent(of: message.body)
        return try compose(
            placed, .declarationLodged, by: profile.declarants,
            id: "lodgement/\(declarant)/\(reference)/\(ClassifiedMembers.discriminator(of: data))", tagger, data)
    }

    private func mapRequest(_ placed: WCOSequencer.Placed, _ request: WCOMessage.Request) throws(Refusal) -> Mapped {
        let message = placed.message
        let type: EventType =
            switch request {
            case .amendment: .declarationAmended
            case .withdrawal: .declarationWithdrawn
            case .presentation: .conveyanceArrived
            }
        var data = identity(of: message)
        data.set("stage", request == .presentation ? "presented" : "requested")
        data.set("timeBasis", basis(placed))
        data.set("changes", WCORecords.changes(of: message.body))
        data.merge(DeclarationMapper().record(of: message.body))
        let reference = message.localReference ?? "-"
        let number = message.statedNumber ?? "-"
        var tagger = tagger(for: message)
        tagger.addContent(of: message.body)
        return try compose(
            placed, type, by: profile.declarants,
            id: "request-\(request.rawValue)/\(reference)/\(number)/\(ClassifiedMembers.discriminator(of: data))",
            tagger, data)
    }

    private func mapResponse(_ placed: WCOSequencer.Placed, _ code: String) throws(Refusal) -> Mapped {
        let message = placed.message
        guard let type = ResponseMapper.type(code: code, request: placed.answers) else {
            throw Refusal("has the function code “\(code)”, which no mapping is for", line: message.body.line)
        }
        var data = identity(of: message)
        data.merge(ResponseMapper().record(of: message.body, code: code))
        var tagger = tagger(for: message)
        // Of what a control put right, which is classified, tags must not tell.
        if type != .inspectionCompleted {
            for part in message.body.all("Declaration") { tagger.addContent(of: part) }
        }
        tagger.addOffice(ResponseMapper.exitOffice(message.body))
        let reference = message.body.value("FunctionalReferenceID") ?? ClassifiedMembers.discriminator(of: data)
        return try compose(placed, type, by: profile.authority, id: "response-\(code)/\(reference)", tagger, data)
    }

    private func mapMovement(_ placed: WCOSequencer.Placed, _ movement: WCOMessage.Movement) throws(Refusal) -> Mapped {
        let message = placed.message
        var data = identity(of: message)
        data.merge(MovementMapper.record(of: message.body, movement: movement))
        var tagger = tagger(for: message)
        tagger.addMovement(message.body)
        let consignment = MovementMapper.consignment(of: message.body)
        let name = message.localReference ?? message.statedNumber ?? consignment ?? "-"
        var mapped = try compose(
            placed, MovementMapper.type(of: movement), by: profile.terminals,
            id: "movement-\(movement.rawValue)/\(name)/\(ClassifiedMembers.discriminator(of: data))",
            subject: message.statedNumber == nil ? consignment.map { "ucr:" + $0 } : nil, tagger, data)
        if placed.time?.assumesZone == true {
            let remark = "gives its time without an offset; UTC was assumed"
            mapped = Mapped(draft: mapped.draft, type: mapped.type, id: mapped.id, remarks: mapped.remarks + [remark])
        }
        return mapped
    }

    /// The form of the data where the messages have another than the type's first.
    private static func form(of type: EventType) -> String? {
        type == .inspectionCompleted ? "wco" : nil
    }

    /// What every event says first: the declaration's number and the reference of this message.
    private func identity(of message: WCOMessage) -> DataRecord {
        var data = DataRecord()
        data.set("declaration", references.number(of: message))
        data.set("localReference", message.localReference)
        return data
    }

    private func tagger(for message: WCOMessage) -> WCOTagger {
        let number = references.number(of: message)
        var tagger = WCOTagger()
        tagger.addDeclaration(
            number,
            references: [message.localReference].compactMap(\.self) + (number.map(references.references(of:)) ?? []))
        return tagger
    }

    private func basis(_ placed: WCOSequencer.Placed) -> String? {
        placed.time == nil || placed.basis == .stated ? nil : placed.basis.rawValue
    }

    private func compose(
        _ placed: WCOSequencer.Placed, _ type: EventType, by producer: Producer, id: String, subject: String? = nil,
        _ tagger: WCOTagger, _ data: DataRecord
    ) throws(Refusal) -> Mapped {
        guard let subject = subject ?? references.key(of: placed.message) else {
            throw Refusal("names no declaration and no consignment", line: placed.message.body.line)
        }
        let composer = EventComposer(
            template: EventTemplate(producer: producer, type: type, form: Self.form(of: type)), id: id,
            subject: subject, time: placed.time?.text)
        let draft = try composer.draft(tags: tagger.collector.tags, data: data)
        let remarks = tagger.collector.allRemarks + [placed.remark].compactMap(\.self)
        return Mapped(draft: draft, type: type, id: id, remarks: remarks)
    }
}
