internal import EventLog
internal import LMDB

/// The boards there are: docs/boards.md.
public enum BoardKind: String, Sendable, Hashable, CaseIterable {
    case receipts, inspections, inbox, risk, guarantees, credit, incidents

    /// Its Chinese name.
    public var title: String {
        switch self {
        case .receipts: "回执"
        case .inspections: "联合查验"
        case .inbox: "执法互助"
        case .risk: "风险布控"
        case .guarantees: "担保余额"
        case .credit: "企业信用"
        case .incidents: "应急"
        }
    }

    /// The events of the view that it is folded from.
    var events: [BoardEvent] {
        switch self {
        // Decisions are in the case file.
        case .receipts:
            [
                .noticeIssued, .noticeAcknowledged, .documentSupplied, .informationRequested, .declarationReopened,
                .refundDecided, .dispositionDecided,
            ]
        case .inspections:
            [.inspectionOrdered, .inspectionNotified, .inspectionStarted, .inspectionCompleted, .dispositionDecided]
        case .inbox:
            [
                .assistanceRequested, .assistanceAnswered, .assistanceClosed, .disclosureRequested, .disclosureDecided,
                .noticeAcknowledged,
            ]
        case .risk: [.riskFlagged, .riskCleared, .intelligenceShared]
        case .guarantees: [.guaranteeLodged, .guaranteeClaimed, .releaseGranted, .dutyPaid]
        case .credit: [.creditRated, .violationRecorded]
        case .incidents: [.incidentDeclared, .noticeAcknowledged]
        }
    }

    /// The key of a lookup by which objects of the board are found.
    ///
    /// - Parameters:
    ///   - place: Of what: a port, an agency, an enterprise; empty for all there are.
    ///   - day: `YYYY-MM-DD` at +08:00.
    func key(_ place: String = "", on day: String? = nil) -> [UInt8] {
        Array("\(rawValue) \(place)\(day.map { " " + $0 } ?? "")".utf8)
    }

    func key(_ place: Span<UInt8>) -> [UInt8] { Array((rawValue + " ").utf8) + place.copied }

    func key(_ beginning: String, _ rest: Span<UInt8>) -> [UInt8] { key(beginning) + rest.copied }
}
