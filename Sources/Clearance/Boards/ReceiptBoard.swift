public import EventLog
public import JSON
internal import Views

/// The receipts of a declaration (回执, S01): what every agency decided, in one list; what is asked of the declarant now; how long it took
/// until the declarant was told.
public struct ReceiptBoard: Board {
    public static let kind = BoardKind.receipts

    /// A decision, as the reader knows it: by its event, by the notice that told of it, or by both.
    public struct Receipt: Sendable, Hashable {
        public let id: String
        public let agency: String
        /// The type of the decision, without `sanhu.`.
        public let type: String
        public internal(set) var decision: BoardStep?
        public internal(set) var notice: BoardStep?

        public var outcome: String? {
            if let told = notice?.text("outcome") { return told }
            return ["result", "condition", "decision", "stage"].lazy.compactMap { decision?.text($0) }.first
        }

        /// When it was recorded; as the notice says, for whoever does not see the decision.
        public var decided: Timestamp? {
            decision?.recorded ?? notice?.text("decidedAt").flatMap { Timestamp($0) }
        }

        /// How long it took until the declarant was told, in seconds; nil while nobody has told.
        public var lagSeconds: Int64? {
            guard let notice, let decided else { return nil }
            return (notice.recorded.microseconds - decided.microseconds) / 1_000_000
        }
    }

    public let object: String
    public private(set) var receipts: [Receipt] = []
    /// What was lodged or supplied by the declarant, and the notices that it acknowledged.
    private var supplied: [BoardStep] = []
    private var acknowledged: Set<String> = []
    private var file: DeclarationCase
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
        file = DeclarationCase(object: object)
    }

    public var isEmpty: Bool { receipts.isEmpty && supplied.isEmpty && file.steps.isEmpty }

    /// What is read of the case file: nothing that a schema of the port marks.
    static let values = CaseFiles.values(
        of: CaseEvent.allCases.filter { decisions.contains($0.name) || own.contains($0) }
    ) {
        fields.contains($0)
    }

    private static let own: [CaseEvent] = [
        .declarationLodged, .dutyPaid, .guaranteeLodged, .conveyanceDeparted,
    ]
    private static let fields: Set<String> = [
        "declaration", "localReference", "version", "stage", "decision", "result", "condition", "bill", "dueDate",
        "hold",
        "source", "event", "permit", "item", "concerns", "recognition", "participants", "kinds", "until", "scope", "by",
    ]

    /// The types of what is decided about a declaration: what `notice.issued` tells of.
    static let decisions: Set<String> = [
        "declaration.accepted", "declaration.rejected", "declaration.reopened", "declaration.examined",
        "declaration.amended", "declaration.withdrawn", "document.requested", "information.requested",
        "inspection.notified", "inspection.completed", "hold.placed", "hold.lifted", "duty.assessed",
        "refund.decided", "permit.verified", "result.recognised", "recognition.revoked",
        "disposition.decided", "release.granted", "release.completed", "clearance.closed", "record.corrected",
    ]

    /// Takes in a step of the declaration's case file.
    mutating func take(_ step: CaseStep) {
        guard step.about == nil else { return }
        file.take(step)
        take(BoardStep(step))
    }

    public mutating func take(_ step: BoardStep) {
        if let number = step.text("declaration"), !object.isSame(as: "declaration:" + number) { return }
        switch step.type {
        case "notice.issued": told(step)
        case "notice.acknowledged": if let notice = step.text("notice") { acknowledged.insert(notice) }
        case "declaration.lodged", "document.supplied": supplied.append(step)
        case let type where Self.decisions.contains(type):
            // The declarant asks by the same types.
            guard step.text("stage") != "requested" else { return supplied.append(step) }
            receipts.append(Receipt(id: step.id, agency: step.agency, type: type, decision: step))
        default: break
        }
    }

    private mutating func told(_ notice: BoardStep) {
        guard let id = notice["event"].value?["id"]?.string, let agency = notice.text("agency") else { return }
        let type = notice.text("type").map { $0.hasPrefix("sanhu.") ? String($0.dropFirst(6)) : $0 } ?? ""
        if let index = receipts.lastIndex(where: { $0.id.isSame(as: id) && $0.agency == agency && $0.type == type }) {
            receipts[index].notice = receipts[index].notice ?? notice
        } else {
            let receipt = Receipt(id: id, agency: agency, type: type, notice: notice)
            receipts.append(receipt)
            file.hear(of: type, receipt.outcome)
        }
    }

    /// What is asked of the declarant now.
    public struct Request: Sendable, Hashable {
        public let what: String
        public let by: String
        /// The event that asks, the bill, or the notice.
        public let reference: String
        public let until: String?
    }

    public var asked: [Request] {
        var asked: [Request] = []
        for receipt in receipts {
            let position = receipt.decision?.position ?? receipt.notice?.position ?? 0
            let what = ["document.requested": "documents", "information.requested": "information"][receipt.type]
            if let what, !isSupplied(receipt.id, since: position), !isOver(receipt) {
                asked.append(
                    Request(
                        what: what, by: receipt.agency, reference: receipt.id, until: receipt.decision?.text("until")))
            }
            if let notice = receipt.notice, notice["acknowledge"].value?.bool ?? false {
                let id = notice.text("notice") ?? notice.id
                guard !acknowledged.contains(id) else { continue }
                asked.append(Request(what: "acknowledgement", by: notice.agency, reference: id, until: nil))
            }
        }
        for duty in file.obligations where duty.kind == .duty && duty.state == .open {
            asked.append(Request(what: "duty", by: "", reference: duty.reference, until: duty.due))
        }
        return asked
    }

    /// Whether nothing that an agency asked for is waited for any more: it has released, or all is over.
    private func isOver(_ request: Receipt) -> Bool {
        if [.withdrawn, .released, .cleared, .departed].contains(file.status) { return true }
        guard let index = receipts.firstIndex(of: request) else { return false }
        return receipts[index...].contains { $0.agency == request.agency && $0.type == "release.granted" }
    }

    /// Whether what was asked for came: by a supply that names the request, or a later one that names none.
    private func isSupplied(_ request: String, since position: Position) -> Bool {
        supplied.contains { step in
            guard step.type == "document.supplied" else { return false }
            guard let named = step["request"].value?["id"]?.string else { return step.position > position }
            return named.isSame(as: request)
        }
    }

    /// The last outcome of each agency.
    public var agencies: [Receipt] {
        let last = Dictionary(receipts.map { ($0.agency, $0) }) { $1 }
        return last.values.sorted { $0.agency < $1.agency }
    }

    /// How many decisions nobody has told the declarant of, as far as the reader knows.
    public var untold: Int { receipts.count { $0.notice == nil } }

    public func writeState(to writer: inout JSONWriter) {
        writer.member("status", file.status.rawValue)
        if let last = receipts.last {
            writer.key("latest")
            last.write(to: &writer)
        }
        writer.list("receipts", receipts) { $0.write(to: &$1) }
        writer.key("agencies")
        writer.object { writer in
            for receipt in agencies { writer.member(receipt.agency, "\(receipt.type) \(receipt.outcome ?? "")") }
        }
        writer.list("asked", asked) { request, writer in
            writer.object { writer in
                writer.member("what", request.what)
                if !request.by.isEmpty { writer.member("by", request.by) }
                writer.member("reference", request.reference)
                writer.member("until", ifAny: request.until)
            }
        }
        writer.member("untold", Int64(untold))
    }
}

extension ReceiptBoard.Receipt {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("agency", agency)
            writer.member("type", type)
            writer.member("id", id)
            writer.member("outcome", ifAny: outcome)
            writer.member("decided", ifAny: decided?.description)
            decision.map { writer.member("position", Int64($0.position)) }
            notice?.moment.write("notified", to: &writer)
            if let lagSeconds { writer.member("lagSeconds", lagSeconds) }
        }
    }
}
