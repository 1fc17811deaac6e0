internal import EventLog
public import JSON
internal import Views

/// What a guarantee covers, what is secured by it, freed and left, and what is to be paid when (担保余额, S61). It is the
/// account of the rule `guarantee-limit`, of what a reader may know.
public struct GuaranteeBoard: Board {
    public static let kind = BoardKind.guarantees

    public let object: String
    private var account = GuaranteeAccount()
    private var lodgements: [Position: BoardStep] = [:]
    private var lodged: BoardStep? { account.lodged.flatMap { lodgements[$0.position] } }
    private var releases: [Position: BoardStep] = [:]
    private var claims: [BoardStep] = []
    /// Of each declaration that was released against it, what is owed for it.
    private var owed: [String: [Obligation]] = [:]
    private let time: BoardTime

    public init(object: String, at time: BoardTime) {
        self.object = object
        self.time = time
    }

    public var isEmpty: Bool { lodged == nil && releases.isEmpty && claims.isEmpty }

    public mutating func take(_ step: BoardStep) {
        account.take(GuaranteeStep(step))
        switch step.type {
        case "guarantee.lodged": lodgements[step.position] = step
        case "release.granted": releases[step.position] = step
        case "guarantee.claimed": claims.append(step)
        case "record.corrected": claims.removeAll { GuaranteeStep(step).corrects(GuaranteeStep($0)) }
        default: break
        }
    }

    /// The declarations that were released against it and are not paid.
    var declarations: [String] { account.draws.map(\.declaration) }

    /// Takes in what is owed for a declaration, from its case file.
    mutating func consider(_ file: DeclarationCase, _ number: String) {
        owed[number] = file.obligations.filter { $0.kind == .duty }
    }

    /// What is secured by it, as text; nil if that is not known.
    public var secured: String? { securedMoney?.text }
    /// What is left of its limit, as text; nil if that is not known.
    public var left: String? { account.left?.text }

    private var securedMoney: Money? {
        guard let limit = account.lodged?.limit else { return nil }
        return account.outstanding(in: limit.currency).map { Money($0, limit.currency) }
    }

    private var freedMoney: Money? {
        guard let limit = account.lodged?.limit else { return nil }
        return GuaranteeAccount.sum(of: account.freed, in: limit.currency).map { Money($0, limit.currency) }
    }

    /// The duties of a release that are not paid, and whether each is overdue on the day.
    private func duties(_ draw: GuaranteeAccount.Draw) -> [Obligation] {
        (owed[draw.declaration] ?? []).filter { duty in
            duty.state != .paid && (draw.bills.isEmpty || draw.bills.contains(duty.reference))
        }
    }

    private func isOverdue(_ duty: Obligation) -> Bool { duty.due.map { $0 < time.day } ?? false }

    /// How many bills are overdue on the day.
    public var overdue: Int { account.draws.flatMap(duties).count(where: isOverdue) }

    public func writeState(to writer: inout JSONWriter) {
        lodged?.write(
            ["kind", "enterprise", "guarantor", "declaration", "validFrom", "validUntil", "limit"], to: &writer)
        securedMoney?.write("secured", to: &writer)
        freedMoney?.write("freed", to: &writer)
        account.left?.write("left", to: &writer)
        writer.list("releases", account.draws) { draw, writer in
            writer.object { writer in
                releases[draw.position]?.write(["declaration", "bills", "secured"], to: &writer)
                writer.list("duties", duties(draw)) { duty, writer in
                    writer.object { writer in
                        writer.member("bill", duty.reference)
                        writer.member("due", ifAny: duty.due)
                        writer.member("isOverdue", isOverdue(duty))
                    }
                }
            }
        }
        writer.list("freedReleases", account.freed.map(\.declaration))
        writer.list("claims", claims) { step, writer in
            writer.object { step.write(["declaration", "bills", "dueDate", "amounts"], to: &$0) }
        }
        writer.member("overdue", Int64(overdue))
    }
}
