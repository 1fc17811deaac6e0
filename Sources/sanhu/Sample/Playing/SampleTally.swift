import EventLog
import Exchange

/// What became of a sample that was played.
struct SampleTally: Sendable {
    /// By their types, without `sanhu.`.
    private(set) var appended: [String: Int] = [:]
    private(set) var known = 0
    /// By the rules that refused what they should.
    private(set) var refused: [String: Int] = [:]
    /// What should have become something else, the first of it.
    private(set) var unexpected: [Surprise] = []
    private(set) var surprises = 0

    struct Surprise: Sendable {
        let id: String
        let form: String
        let reason: String
    }

    private static let kept = 100

    var appendedCount: Int { appended.values.reduce(0, +) }

    mutating func take(_ step: SampleStep, _ result: Result<Receipt, ExchangeError>) {
        switch (step.role, result) {
        case (.refused(let rule), .failure(let error))
        where error.code == .ruleBroken && error.reason.contains("The rule \(rule) "):
            refused[rule, default: 0] += 1
        case (.refused(let rule), .success): surprise(step, "The rule \(rule) did not refuse it.")
        case (_, .failure(let error)): surprise(step, "\(error.code.rawValue): \(error.reason)")
        case (.again, .success(.appended)): surprise(step, "It came twice, and was appended twice.")
        case (_, .success(.appended)): appended[String(step.name), default: 0] += 1
        case (_, .success): known += 1
        }
    }

    /// What the ledger's automations appended.
    mutating func take(_ type: String, _ count: Int) { appended[type, default: 0] += count }

    private mutating func surprise(_ step: SampleStep, _ reason: String) {
        surprises += 1
        guard unexpected.count < Self.kept else { return }
        unexpected.append(Surprise(id: step.id, form: step.form, reason: reason))
    }
}
