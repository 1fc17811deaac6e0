public import EventLog
public import JSON

/// The data of a `sanhu.charter.amended`.
///
/// ```json
/// { "basis": 0, "effective": "2018-04-20T00:00:00+08:00",
///   "changes": [{ "op": "end", "kind": "agency", "value": { "code": "CIQ", "into": "CUS" } },
///               { "op": "put", "kind": "purpose", "value": { … } }],
///   "signatures": [{ "key": "CUS-1", "signature": "base64" }, …] }
/// ```
///
/// `put` says something of a thing, whole, in the form that it has in a founding charter; `end` takes what names the
/// thing, and for an agency also `into`. Without `effective` it holds from its recorded time on.
public struct CharterAmendment: Sendable {
    /// The type of the event.
    public static let type = "sanhu.charter.amended"

    /// The position of the last charter event when it was drawn up.
    public let basis: Position
    public let effective: Timestamp?
    let changes: [CharterChange]
    public let signatures: [CharterSignature]
    /// Its canonical form without the signatures.
    let signed: [UInt8]

    /// Reads the data.
    ///
    /// - Throws: ``ExchangeError`` with code `.malformedCharter` or `.limitExceeded` and the pointer in the data.
    public init(_ data: JSONValue) throws(ExchangeError) {
        let object = try CharterObject(data, at: "", ["basis", "effective", "changes", "signatures"])
        basis = Position(try object.integer("basis", in: 0...(1 << 53 - 1)))
        effective = try object.time("effective")
        var changes: [CharterChange] = []
        for (element, pointer) in try object.elements("changes", atMost: CharterLimits.changes) {
            changes.append(try CharterChange(element, at: pointer))
        }
        guard !changes.isEmpty else {
            throw CharterObject.malformed(object.path("changes"), "must hold at least one change")
        }
        try CharterChange.checkDistinct(changes)
        self.changes = changes
        signatures = try CharterSignature.list(of: object)
        signed = SignedText.canonicalWithoutSignatures(data)
    }

    /// What it puts, in its order: for whoever checks schemas before the amendment is appended.
    public var values: [CharterValue] {
        changes.compactMap {
            if case .put(let value) = $0.content { value } else { nil }
        }
    }

    /// What agencies sign (``SignedText``).
    public func signedText(origin: String) -> [UInt8] { SignedText.amendment(signed, origin: origin) }
}
