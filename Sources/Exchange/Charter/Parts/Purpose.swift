import EventLog

/// A purpose that readers may give.
public struct Purpose: Sendable, Hashable {
    public let code: String
    /// Grows whenever what the code means is changed.
    public let version: Int
    public let title: String
    /// Whether those whom data are about are not told of readings for it until these are released.
    public let isSecret: Bool
    public let validity: Validity
}

extension Purpose: CharterPart {
    var name: CharterPartName { CharterPartName(code) }

    func ended(at time: Timestamp) -> Purpose {
        Purpose(
            code: code, version: version, title: title, isSecret: isSecret, validity: validity.ended(at: time))
    }
}

extension SharingRule: CharterPart {
    var name: CharterPartName { CharterPartName(id) }

    func ended(at time: Timestamp) -> SharingRule {
        SharingRule(
            id: id, effect, readers: readers, fields: fields, purposes: purposes, needsCase: needsCase,
            validity: validity.ended(at: time))
    }
}
