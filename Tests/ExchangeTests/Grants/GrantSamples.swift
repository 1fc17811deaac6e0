import EventLog
import Exchange
import JSON

/// Data of events of disclosure, valid and not too short.
enum GrantSamples {
    static let valid: [(type: String, data: String)] = [
        (
            "disclosure.requested",
            """
            {"owner":"CUS","fields":{"types":["sanhu.declaration.lodged"],"classes":["conditional"],\
            "pointers":["/commercial"]},"roles":["assessor"],"objects":["declaration:1","enterprise:A"],\
            "purpose":"assessment","purposeDetail":"怀疑低报","case":"case-1","from":"2026-03-01T00:00:00+08:00",\
            "to":"2026-04-01T00:00:00+08:00","assistance":3}
            """
        ),
        ("disclosure.checked", #"{"request":1,"conforms":false,"reasons":["no case"]}"#),
        (
            "disclosure.decided",
            """
            {"request":1,"outcome":"partly","reasons":["Art. 5"],"fields":{"compartments":["trade-secret"]},\
            "objects":["declaration:1"],"to":"2026-03-15T00:00:00Z"}
            """
        ),
        ("disclosure.decided", #"{"request":1,"outcome":"denied","reasons":["Art. 6"]}"#),
        ("disclosure.expired", #"{"grant":2}"#),
        ("disclosure.revoked", #"{"grant":2,"reasons":["misused"]}"#),
        ("disclosure.disputed", #"{"decision":2,"reasons":["the case needs it"]}"#),
        (
            "assistance.requested",
            """
            {"kind":"tax-refund-fraud","owner":"CUS","fields":{"compartments":["method"]},"objects":["enterprise:A"],\
            "purpose":"refund-fraud","case":"case-9","deadline":"2026-03-05T00:00:00Z","to":"2026-06-01T00:00:00Z",\
            "subject":"enterprise A"}
            """
        ),
        (
            "assistance.answered",
            #"{"assistance":3,"result":"refused","reasons":["no such data"],"evidence":["sha256:00"]}"#
        ),
        ("assistance.closed", #"{"assistance":3,"reasons":["done"]}"#),
        ("disclosure.expired", #"{"request":1}"#),
    ]

    static func event(_ type: String, _ data: String) throws -> DisclosureEvent? {
        try DisclosureEvent(type: "sanhu." + type, data: JSONDocument(parsing: Array(data.utf8)).root)
    }
}

/// A moment of the tests: hours after 2026-03-02T00:00:00+08:00, a Monday.
func hour(_ hour: Int) -> Timestamp {
    Timestamp(microseconds: 1_772_380_800_000_000 + Int64(hour) * 3_600_000_000)
}

/// What Tax asks Customs for: commercial data of two declarations, for 1,000 hours.
func asked(
    owner: String = "CUS", fields: FieldSelector = FieldSelector(owners: ["CUS"], compartments: ["trade-secret"]),
    roles: [String] = [], objects: [String] = ["declaration:1", "declaration:2"], caseName: String = "case-1",
    from: Timestamp? = nil, to: Timestamp = hour(1000)
) -> DisclosureScope {
    DisclosureScope(
        owner: owner, fields: fields, roles: roles, objects: objects.map(tag), purpose: "assessment",
        caseName: caseName, from: from, to: to)
}

extension GrantBook {
    /// Applies an event at a position, an hour for each.
    @discardableResult
    mutating func take(_ event: DisclosureEvent, by agency: String, at position: Int) throws -> Position {
        try apply(event, by: agency, at: RecordedAt(Position(position), hour(position)))
        return Position(position)
    }

    /// The code of the error an event makes, or nil if it is applied.
    func refusal(_ event: DisclosureEvent, by agency: String, at position: Int) -> ExchangeError.Code? {
        do {
            try check(event, by: agency, at: RecordedAt(Position(position), hour(position)))
            return nil
        } catch {
            return error.code
        }
    }
}
