import EventLog

extension Charter {
    /// Checks that the charter knows what a change names.
    func checkReferences(of change: CharterChange) throws(ExchangeError) {
        let pointer = change.pointer
        switch change.content {
        case .put(.agency), .end:
            guard change.kind == .agency else { return }
            try checkMerger(of: change.name, pointer)
        case .put(.amendment(let rule)):
            try checkAgencies(rule.agencies, pointer + "/agencies")
        case .put(.officer(let officer)):
            try checkAgency(officer.agency, pointer + "/agency")
        case .put(.key(let key)):
            try checkAgency(key.agency, pointer + "/agency")
        case .put(.power(let power)):
            try checkAgency(power.agency, pointer + "/agency")
        case .put(.source(let source)):
            try checkAgency(source.agency, pointer + "/agency")
        case .put(.rule(let rule)):
            try checkAgencies(rule.readers.agencies, pointer + "/readers/agencies")
            try checkAgencies(rule.fields.owners, pointer + "/fields/owners")
            for (index, code) in rule.purposes.enumerated() where purposes.last(CharterPartName(code)) == nil {
                throw ExchangeError(
                    .unknownPurpose, "The charter has no purpose “\(code)”: add it first.",
                    pointer: "\(pointer)/purposes/\(index)")
            }
        case .put(.schema(let schema)):
            try checkPredecessor(of: schema, pointer + "/replaces")
        case .put(.purpose), .put(.personalTag), .put(.deadlines):
            return
        }
    }

    private func checkAgencies(_ codes: [String], _ pointer: String) throws(ExchangeError) {
        for (index, code) in codes.enumerated() { try checkAgency(code, "\(pointer)/\(index)") }
    }

    private func checkAgency(_ code: String, _ pointer: String) throws(ExchangeError) {
        guard agencies.last(CharterPartName(code)) == nil else { return }
        throw ExchangeError(.unknownAgency, "The charter has no agency “\(code)”: add it first.", pointer: pointer)
    }

    /// Checks that the agencies into which one has merged are known and are others.
    private func checkMerger(of name: CharterPartName, _ pointer: String) throws(ExchangeError) {
        var visited: Set<CharterPartName> = [name]
        var last = agencies.last(name)
        while let into = last?.into {
            try checkAgency(into, pointer + "/into")
            guard visited.insert(CharterPartName(into)).inserted else {
                throw CharterObject.malformed(pointer + "/into", "makes agencies merge into one another in a circle")
            }
            last = agencies.last(CharterPartName(into))
        }
    }

    /// Checks that versions of a schema make one line, so that there is one way to bring an event up.
    private func checkPredecessor(of schema: RegisteredSchema, _ pointer: String) throws(ExchangeError) {
        guard let old = schema.replaces else { return }
        guard let before = schemas.last(CharterPartName(old.uri)) else {
            throw ExchangeError(
                .unknownSchema, "The charter has no schema \(old.uri) that could be replaced: register it first.",
                pointer: pointer + "/uri")
        }
        guard before.type.utf8.elementsEqual(schema.type.utf8) else {
            throw CharterObject.malformed(pointer, "names a schema of another event type, \(before.type)")
        }
        if let other = successors[CharterPartName(old.uri)], !other.utf8.elementsEqual(schema.uri.utf8) {
            throw CharterObject.malformed(pointer, "names a schema that \(other) replaces already: replace that one")
        }
        var first: RegisteredSchema? = before
        while let uri = first?.replaces?.uri {
            guard !uri.utf8.elementsEqual(schema.uri.utf8) else {
                throw CharterObject.malformed(pointer, "makes schemas replace one another in a circle")
            }
            first = schemas.last(CharterPartName(uri))
        }
    }

    /// Checks that enough agencies have keys to amend it.
    func checkAmendable(at time: Timestamp) throws(ExchangeError) {
        let rule = amendmentRule(at: time)
        let able = Set(keys.all(at: time).filter { $0.maySign(at: time) }.map { CharterPartName($0.agency) })
        let count = rule.agencies.count { able.contains(CharterPartName($0)) && agency($0, at: time) != nil }
        guard count >= rule.threshold else {
            throw CharterObject.malformed(
                "/amendment",
                "asks for signatures of \(rule.threshold) agencies, and \(count) would be members with a key that may "
                    + "sign: nobody could amend the charter any more")
        }
    }

    /// Verifies signatures.
    ///
    /// - Returns: The agencies that have signed.
    func verify(
        _ signatures: [CharterSignature], over text: [UInt8], at time: Timestamp
    ) throws(ExchangeError) -> Set<CharterPartName> {
        var signers: Set<CharterPartName> = []
        for (index, signature) in signatures.enumerated() {
            let key = try verify(
                signature.bytes, by: signature.key, over: text, at: time, pointer: "/signatures/\(index)")
            signers.insert(CharterPartName(key.agency))
        }
        return signers
    }

    /// Verifies a signature by a key of a member that may sign at a time.
    func verify(
        _ signature: [UInt8], by id: String, over text: [UInt8], at time: Timestamp, pointer: String?
    ) throws(ExchangeError) -> AgencyKey {
        guard let key = key(id, at: time) else {
            throw ExchangeError(.unknownKey, "The charter has no key “\(id)” at \(time).", pointer: pointer)
        }
        guard key.maySign(at: time) else {
            let reason = key.validity.contains(time) ? "was revoked" : "is not valid"
            throw ExchangeError(
                .revokedKey, "The key “\(id)” of \(key.agency) \(reason) at \(time): sign with another one.",
                pointer: pointer)
        }
        guard agency(key.agency, at: time) != nil else {
            throw ExchangeError(
                .revokedKey, "The key “\(id)” is of \(key.agency), which is no member at \(time).", pointer: pointer)
        }
        guard SignedText.verifies(signature, by: key.publicKey, over: text) else {
            throw ExchangeError(
                .wrongSignature, "The signature by the key “\(id)” is not one over this text for this ledger.",
                pointer: pointer)
        }
        return key
    }
}
