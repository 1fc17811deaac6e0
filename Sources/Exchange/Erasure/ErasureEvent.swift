public import EventLog
public import JSON
internal import Transparency

/// What the events of erasure and legal hold say. Subjects stand in them blinded, never by name.
public enum ErasureEvent: Sendable, Hashable {
    /// `sanhu.erasure.ordered`: the fence. What was sealed for its subject before it is gone.
    case ordered(ErasureFence, basis: String)
    /// `sanhu.legalhold.placed`: the subject may not be erased.
    case holdPlaced(subject: [UInt8], caseName: String, basis: String)
    /// `sanhu.legalhold.lifted`: the hold that the event at a position placed is over.
    case holdLifted(hold: Position)

    enum Kind: String, CaseIterable {
        case ordered = "sanhu.erasure.ordered"
        case holdPlaced = "sanhu.legalhold.placed"
        case holdLifted = "sanhu.legalhold.lifted"
    }

    /// The types of these events.
    public static let types = Kind.allCases.map(\.rawValue)

    // The schemas count characters, so that there are four bytes here for each of theirs.
    static let textBytes = 4000
    static let caseBytes = 800

    /// Reads an event's data, sealed or not: what is classified in it is checked if it is there, and not kept.
    ///
    /// - Returns: Nil if the type is none of ``types``.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid` and the path of what is wrong.
    public init?(type: String, data: JSONValue) throws(ExchangeError) {
        guard let kind = Kind(rawValue: type) else { return nil }
        let common: Set<String> = ["reason", "officer"]
        switch kind {
        case .ordered:
            let data = try EventDataReader(
                data, keys: common.union(["fence", "subject", "basis"]), holdsDigests: true)
            let number = try data.required("fence", data.position("fence"))
            guard number > 0 else { throw data.fault("There must be the number of a fence, from 1 on.", at: "fence") }
            self = .ordered(
                ErasureFence(number: number, subject: try Self.subject(data)),
                basis: try data.required("basis", data.text("basis", atMost: Self.textBytes)))
        case .holdPlaced:
            let data = try EventDataReader(
                data, keys: common.union(["subject", "case", "basis"]), holdsDigests: true)
            self = .holdPlaced(
                subject: try Self.subject(data),
                caseName: try data.required("case", data.text("case", atMost: Self.caseBytes)),
                basis: try data.required("basis", data.text("basis", atMost: Self.textBytes)))
        case .holdLifted:
            let data = try EventDataReader(data, keys: common.union(["hold"]), holdsDigests: true)
            self = .holdLifted(hold: try data.required("hold", data.position("hold")))
        }
    }

    /// A blinded subject: 128 bits in base64url.
    private static func subject(_ data: EventDataReader) throws(ExchangeError) -> [UInt8] {
        let text = try data.required("subject", data.text("subject", atMost: 32))
        guard let subject = Base64.decode(text, .url), subject.count == KeyRecord.blindedBytes else {
            throw data.fault(
                "There must be a blinded subject: \(KeyRecord.blindedBytes) bytes in base64url.", at: "subject")
        }
        return subject
    }
}
