/// The columns of the notifications file, in their order, by their names in the header.
enum RASFFColumn: String, CaseIterable {
    case reference, category, type, subject, date
    case notifier = "notifying_country"
    case classification
    case riskDecision = "risk_decision"
    case distribution, forAttention, forFollowUp
    case operators = "operator"
    case origins = "origin"
    case hazards, year, week
}
