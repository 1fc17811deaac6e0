import EventLog

/// A kind of tags whose values name persons: they are blinded before the log sees them.
public struct PersonalTagKind: Sendable, Hashable {
    public let kind: String
    public let validity: Validity
}

extension PersonalTagKind: CharterPart {
    var name: CharterPartName { CharterPartName(kind) }

    func ended(at time: Timestamp) -> PersonalTagKind {
        PersonalTagKind(kind: kind, validity: validity.ended(at: time))
    }
}
