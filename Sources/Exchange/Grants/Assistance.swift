public import EventLog

/// The seven kinds of assistance in enforcement (执法互助).
public enum AssistanceKind: String, Sendable, Hashable, CaseIterable {
    /// 防控暴恐
    case terrorism
    /// 应对突发事件
    case emergency
    /// 打击走私
    case smuggling
    /// 打击骗退税
    case taxRefundFraud = "tax-refund-fraud"
    /// 查处逃避检验检疫
    case quarantineEvasion = "quarantine-evasion"
    /// 反偷渡
    case illegalMigration = "illegal-migration"
    /// 制止不安全产品及假冒伪劣商品进出境
    case unsafeProducts = "unsafe-products"
}

/// An agency asks another for assistance in a case (`assistance.requested`). What is granted under it lives until it is
/// closed. Whom the case is about is sealed and not read here.
public struct AssistanceRequest: Sendable, Hashable {
    public let kind: AssistanceKind
    /// What the asked agency, the scope's owner, may open under it.
    public let scope: DisclosureScope
    /// Until when an answer is asked for.
    public let deadline: Timestamp

    public init(_ kind: AssistanceKind, _ scope: DisclosureScope, deadline: Timestamp) {
        self.kind = kind
        self.scope = scope
        self.deadline = deadline
    }
}

/// The asked agency's answer (`assistance.answered`). Its evidence is sealed and not read here.
public struct AssistanceAnswer: Sendable, Hashable {
    public enum Result: String, Sendable, Hashable, CaseIterable {
        case provided, partly, refused
    }

    /// The position of the request for assistance.
    public let assistance: Position
    public let result: Result
    /// Why; never empty if it is not provided in full.
    public let reasons: [String]

    public init(to assistance: Position, _ result: Result, reasons: [String] = []) {
        self.assistance = assistance
        self.result = result
        self.reasons = reasons
    }
}

extension AssistanceRequest {
    static let keys = DisclosureScope.keys.union(["kind", "deadline", "subject"])

    init(_ data: EventDataReader) throws(ExchangeError) {
        _ = try data.text("subject", atMost: DisclosureEvent.detailBytes)
        self.init(
            try data.required("kind", data.word("kind", AssistanceKind.self)), try DisclosureScope(data),
            deadline: try data.required("deadline", data.time("deadline")))
        guard deadline <= scope.to else { throw data.fault("This must not be after “to”.", at: "deadline") }
    }
}

extension AssistanceAnswer {
    static let keys: Set<String> = ["assistance", "result", "reasons", "evidence"]
    private static let maximumEvidence = 16
    private static let evidenceBytes = 400

    init(_ data: EventDataReader) throws(ExchangeError) {
        _ = try data.texts("evidence", atMost: Self.maximumEvidence, bytes: Self.evidenceBytes)
        let result = try data.required("result", data.word("result", Result.self))
        let reasons = try data.has("reasons") || result != .provided ? DisclosureEvent.reasons(data) : []
        self.init(to: try data.required("assistance", data.position("assistance")), result, reasons: reasons)
    }
}
