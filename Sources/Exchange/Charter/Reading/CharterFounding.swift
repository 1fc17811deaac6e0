public import JSON

/// The data of a `sanhu.charter.founded`: what the charter says at first, and by whom it may be amended.
///
/// ```json
/// { "amendment": { "threshold": 3, "agencies": ["CUS", "BOR", "MSA", "TAX"] },
///   "agencies": [{ "code": "CUS", "title": "海关", "kind": "authority", "validity": { "from": … } }],
///   "keys": [{ "id": "CUS-1", "agency": "CUS", "public": "base64" }], "powers": […], …
///   "signatures": [{ "key": "CUS-1", "signature": "base64" }] }
/// ```
///
/// Its lists are those of ``CharterKind/member``. It is signed by every agency that may amend it.
public struct CharterFounding: Sendable {
    /// The type of the event.
    public static let type = "sanhu.charter.founded"

    let changes: [CharterChange]
    public let signatures: [CharterSignature]
    /// Its canonical form without the signatures.
    let signed: [UInt8]

    /// Reads the data.
    ///
    /// - Throws: ``ExchangeError`` with code `.malformedCharter` or `.limitExceeded` and the pointer in the data.
    public init(_ data: JSONValue) throws(ExchangeError) {
        let object = try CharterObject(
            data, at: "", Set(CharterKind.allCases.map(\.member)).union(["signatures"]))
        var changes: [CharterChange] = []
        for kind in CharterKind.allCases {
            if kind.isSingle {
                guard kind == .amendment || object[kind.member] != nil else { continue }
                let pointer = object.path(kind.member)
                let value = try CharterValue(kind, object.required(kind.member), at: pointer)
                changes.append(CharterChange(putting: value, at: pointer))
            } else {
                for (element, pointer) in try object.elements(kind.member, atMost: CharterLimits.valuesPerKind) {
                    changes.append(
                        CharterChange(putting: try CharterValue(kind, element, at: pointer), at: pointer))
                }
            }
        }
        try CharterChange.checkDistinct(changes)
        self.changes = changes
        signatures = try CharterSignature.list(of: object)
        signed = SignedText.canonicalWithoutSignatures(data)
    }

    /// The rule by which it is amended. Its agencies are the founders.
    public var amendmentRule: AmendmentRule {
        for case .put(.amendment(let rule)) in changes.map(\.content) { return rule }
        return AmendmentRule(threshold: 1, agencies: [])
    }

    /// What the founders sign (``SignedText``).
    public func signedText(origin: String) -> [UInt8] { SignedText.founding(signed, origin: origin) }
}
