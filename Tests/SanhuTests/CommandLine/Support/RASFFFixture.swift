/// Notifications in the columns of the European rapid alert system, made up.
enum RASFFFixture {
    static let header =
        "reference,category,type,subject,date,notifying_country,classification,risk_decision,distribution,"
        + "forAttention,forFollowUp,operator,origin,hazards,year,week\n"

    static func row(_ reference: String, week: Int = 53, attention: String = "INFOSAN") -> String {
        "\(reference),fish,food,mercury in swordfish,2024-12-31 11:26:04.000000,Italy,alert notification,serious,"
            + "\"Italy,Spain\",\(attention),Spain,Spain,Spain,mercury,2024,\(week)\n"
    }
}
