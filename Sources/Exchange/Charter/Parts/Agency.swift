import EventLog

/// A member of the exchange.
public struct Agency: Sendable, Hashable {
    /// By which entries and everything else in the charter name it.
    public let code: String
    public let title: String
    /// ``ReaderKind/authority``, ``ReaderKind/participant`` or ``ReaderKind/auditor``.
    public let kind: ReaderKind
    public let validity: Validity
    /// The agency that it was merged into at its end.
    public let into: String?
}

extension Agency: CharterPart {
    var name: CharterPartName { CharterPartName(code) }

    func ended(at time: Timestamp) -> Agency { ended(at: time, into: into) }

    func ended(at time: Timestamp, into successor: String?) -> Agency {
        Agency(code: code, title: title, kind: kind, validity: validity.ended(at: time), into: successor)
    }
}
