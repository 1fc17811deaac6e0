import EventLog

extension Charter {
    /// Applies changes in their order and then checks that the names they use are known: so one event may bring an agency
    /// and, before it, its keys.
    mutating func apply(_ changes: [CharterChange], effective: Timestamp) throws(ExchangeError) {
        for change in changes {
            switch change.content {
            case .put(let value): try put(value, effective: effective, change.pointer)
            case .end(let ending): try end(ending, effective: effective, change.pointer)
            }
        }
        for change in changes { try checkReferences(of: change) }
    }

    private mutating func put(
        _ value: CharterValue, effective: Timestamp, _ pointer: String
    ) throws(ExchangeError) {
        switch value {
        case .amendment(let value):
            amendment.add(value, effective: effective)
        case .deadlines(let value):
            deadlines.add(value, effective: effective)
        case .agency(let value):
            try Self.put(value, into: &agencies, effective: effective, pointer)
        case .officer(let value):
            try checkRoles(of: value, effective: effective, pointer)
            try Self.put(value, into: &officers, effective: effective, pointer, checksValidity: false)
        case .key(let value):
            try check(value, effective: effective, pointer)
            try Self.put(value, into: &keys, effective: effective, pointer)
            keyIDs[value.publicKey] = value.id
        case .power(let value):
            if let old = powers.last(value.name), old.agency != value.agency {
                throw CharterObject.malformed(pointer, "gives a power of \(old.agency) to another agency: end it first")
            }
            try Self.put(value, into: &powers, effective: effective, pointer)
            index(value)
        case .source(let value):
            try Self.put(value, into: &sources, effective: effective, pointer)
        case .schema(let value):
            if let old = schemas.last(value.name),
                old.document != value.document || old.type != value.type || old.replaces != value.replaces
            {
                throw CharterObject.malformed(
                    pointer, "changes the schema \(value.uri): register the new version under another URI")
            }
            try Self.put(value, into: &schemas, effective: effective, pointer)
            if let old = value.replaces, successors[CharterPartName(old.uri)] == nil {
                successors[CharterPartName(old.uri)] = value.uri
            }
        case .rule(let value):
            try Self.put(value, into: &rules, effective: effective, pointer)
        case .purpose(let value):
            if let old = purposes.last(value.name), old.version >= value.version {
                throw CharterObject.malformed(
                    pointer, "gives the purpose \(value.code) a version that is not above \(old.version)")
            }
            try Self.put(value, into: &purposes, effective: effective, pointer)
        case .personalTag(let value):
            try Self.put(value, into: &personalTags, effective: effective, pointer)
        }
    }

    private static func put<Value: CharterPart>(
        _ value: Value, into register: inout Register<Value>, effective: Timestamp, _ pointer: String,
        checksValidity: Bool = true
    ) throws(ExchangeError) {
        if checksValidity {
            try check(
                value.validity, isNotBefore: effective, unless: register.value(value.name, at: effective)?.validity,
                pointer)
        }
        register.put(value, effective: effective)
        guard register.count <= CharterLimits.valuesPerKind else {
            throw ExchangeError(
                .limitExceeded, "The charter would have more than \(CharterLimits.valuesPerKind) values of one kind.",
                pointer: pointer)
        }
    }

    /// Checks that a validity does not say anything about the time before the change that was not said then.
    static func check(
        _ validity: Validity, isNotBefore effective: Timestamp, unless old: Validity?, _ pointer: String
    ) throws(ExchangeError) {
        let isOldBeginning = old != nil && old?.from == validity.from
        if let from = validity.from, from < effective, !isOldBeginning {
            throw actsBackwards("begins at \(from)", effective, pointer + "/validity/from")
        }
        if let to = validity.to, to < effective {
            throw actsBackwards("ended at \(to)", effective, pointer + "/validity/to")
        }
    }

    private static func actsBackwards(_ what: String, _ effective: Timestamp, _ pointer: String) -> ExchangeError {
        ExchangeError(
            .actsBackwards,
            "“\(pointer)” says that it \(what), and the change takes effect at \(effective): what held before stays.",
            pointer: pointer)
    }

    /// Roles may have ended before, if it was said before.
    private func checkRoles(
        of officer: Officer, effective: Timestamp, _ pointer: String
    ) throws(ExchangeError) {
        let old = officers.value(officer.name, at: effective)?.roles ?? []
        for (index, role) in officer.roles.enumerated() where !old.contains(role) {
            let before = old.first { $0.role == role.role && $0.validity.from == role.validity.from }
            try Self.check(
                role.validity, isNotBefore: effective, unless: before?.validity, "\(pointer)/roles/\(index)")
        }
    }

    private func check(_ key: AgencyKey, effective: Timestamp, _ pointer: String) throws(ExchangeError) {
        if let id = keyIDs[key.publicKey], !id.utf8.elementsEqual(key.id.utf8) {
            throw CharterObject.malformed(pointer + "/public", "is the key “\(id)”: a key has one id and one agency")
        }
        let old = keys.last(key.name)
        if let old, old.agency != key.agency || old.publicKey != key.publicKey {
            throw CharterObject.malformed(pointer, "changes the key “\(key.id)”: give the new key another id")
        }
        if let revoked = old?.revoked, revoked <= effective, key.revoked != revoked {
            throw ExchangeError(
                .revokedKey, "The key “\(key.id)” was revoked at \(revoked), and stays so.", pointer: pointer)
        }
        if let revoked = key.revoked, revoked < effective, old?.revoked != revoked {
            throw Self.actsBackwards("was revoked at \(revoked)", effective, pointer + "/revoked")
        }
    }

    /// Files a power under what it names. What it does not name any more stays there: questions look at the power itself.
    private mutating func index(_ power: Power) {
        for type in power.types {
            let name = CharterPartName(power.agency[...], Self.filed(type))
            if !powersByType[name, default: []].contains(power.id) { powersByType[name, default: []].append(power.id) }
        }
    }

    private mutating func end(
        _ ending: CharterEnding, effective: Timestamp, _ pointer: String
    ) throws(ExchangeError) {
        let name = ending.name
        switch ending.kind {
        case .amendment, .deadlines: return
        case .agency:
            let agency = try Self.ended(name, of: agencies, .unknownAgency, effective, pointer)
            agencies.put(agency.ended(at: effective, into: ending.into ?? agency.into), effective: effective)
        case .officer: try Self.end(name, of: &officers, .unknownOfficer, effective, pointer)
        case .key: try Self.end(name, of: &keys, .unknownKey, effective, pointer)
        case .power: try Self.end(name, of: &powers, .malformedCharter, effective, pointer)
        case .source: try Self.end(name, of: &sources, .malformedCharter, effective, pointer)
        case .schema: try Self.end(name, of: &schemas, .unknownSchema, effective, pointer)
        case .rule: try Self.end(name, of: &rules, .malformedCharter, effective, pointer)
        case .purpose: try Self.end(name, of: &purposes, .unknownPurpose, effective, pointer)
        case .personalTag: try Self.end(name, of: &personalTags, .malformedCharter, effective, pointer)
        }
    }

    private static func end<Value>(
        _ name: CharterPartName, of register: inout Register<Value>, _ unknown: ExchangeError.Code,
        _ effective: Timestamp, _ pointer: String
    ) throws(ExchangeError) {
        register.put(try ended(name, of: register, unknown, effective, pointer), effective: effective)
    }

    /// What is said of a thing at a time, or will be said first, ended at that time.
    private static func ended<Value>(
        _ name: CharterPartName, of register: Register<Value>, _ unknown: ExchangeError.Code, _ effective: Timestamp,
        _ pointer: String
    ) throws(ExchangeError) -> Value {
        guard let timeline = register.timeline(name) else {
            throw ExchangeError(unknown, "The charter knows nothing called “\(name)” that could end.", pointer: pointer)
        }
        if let to = timeline.last.validity.to, to <= effective {
            throw CharterObject.malformed(pointer, "names “\(name)”, which ended at \(to) already")
        }
        let value = timeline.value(at: effective) ?? timeline.versions[0].value
        return value.ended(at: effective)
    }
}
