@testable import Interchange

/// Rows of a notifications file.
enum RASFFSample {
    static let header =
        "reference,category,type,subject,date,notifying_country,classification,risk_decision,distribution,"
        + "forAttention,forFollowUp,operator,origin,hazards,year,week"

    static func row(
        _ reference: String = "2024.9650", subject: String = "norovirus in oysters",
        date: String = "2024-12-31 14:35:21.000000", by notifier: String = "Finland", distribution: String = "",
        forAttention: String = "", forFollowUp: String = "", origin: String = "Netherlands",
        hazards: String = "norovirus", year: String = "2024", week: String = "53"
    ) -> String {
        [
            reference, "bivalve molluscs", "food", subject, date, notifier, "alert notification", "serious",
            distribution, forAttention, forFollowUp, "Sweden", origin, hazards, year, week,
        ].map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",")
    }

    static func run(_ files: [[String]]) throws -> Outcome {
        let folder = try Folder()
        for (number, rows) in files.enumerated() {
            try folder.write(([header] + rows).joined(separator: "\n") + "\n", to: "\(number).csv")
        }
        return Outcome(RASFFImporter(paths: [folder.path]))
    }

    static func run(_ rows: String...) throws -> Outcome { try run([rows]) }
}
