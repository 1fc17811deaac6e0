import Foundation
import TestSupport

@testable import Exchange

/// What each authority may read of a year's notifications, told from the file itself: no code of the importer and none of
/// the exchange takes part in it.
struct RASFFReading {
    /// An event that may be read in full: of a notification, an amendment of it or a request to follow it up.
    struct Readable: Hashable {
        let type: String
        let reference: String
    }

    private let rows: [[String: String]]
    /// The codes of the authorities by the names that the charter has for them.
    private let codes: [String: String]
    /// The references that came before each row.
    private let isFirst: [Bool]

    init(notifications: [UInt8], charter: [UInt8]) throws {
        rows = NaiveCSV.rows(notifications)
        let charter = try JSONSerialization.jsonObject(with: Data(charter)) as? [String: Any]
        let agencies = charter?["agencies"] as? [[String: String]] ?? []
        codes = Dictionary(uniqueKeysWithValues: agencies.map { ($0["title"] ?? "", $0["code"] ?? "") })
        var seen: Set<String> = []
        isFirst = rows.map { seen.insert($0["reference"] ?? "").inserted }
    }

    /// How many events there are: a row each, and a request each for the first row of a reference that asks anyone.
    var eventCount: Int { rows.count + rows.indices.filter { isFirst[$0] && rows[$0]["forFollowUp"] != "" }.count }

    private func named(_ row: [String: String], _ column: String) -> [String] {
        // The only name with a comma in it.
        (row[column] ?? "").replacing("Bonaire, Sint", with: "Bonaire; Sint").split(separator: ",").map {
            codes[String($0).replacing("Bonaire; Sint", with: "Bonaire, Sint")] ?? "?"
        }
    }

    private func notifier(_ row: [String: String]) -> String { codes[row["notifying_country"] ?? ""] ?? "?" }

    /// What a reader may read: for each event what it is to say.
    ///
    /// - Parameter isAddressee: Whether what it is addressed by counts, beside what it notified.
    func readable(by code: String, isAddressee: Bool = true) -> [Readable: [String: [String]]] {
        var readable: [Readable: [String: [String]]] = [:]
        for (row, isFirst) in zip(rows, isFirst) {
            let reference = row["reference"] ?? ""
            let isNotifier = notifier(row) == code
            let lists = ["distribution", "forAttention", "forFollowUp"].map { named(row, $0) }
            if isNotifier || isAddressee && lists.contains(where: { $0.contains(code) }) {
                let type = isFirst ? "sanhu.alert.notified" : "sanhu.alert.amended"
                readable[Readable(type: type, reference: reference)] = [
                    "subject": [(row["subject"] ?? "").trimmingCharacters(in: .whitespaces)],
                    "category": [row["category"] ?? ""], "productType": [row["type"] ?? ""],
                    "classification": [row["classification"] ?? ""], "riskDecision": [row["risk_decision"] ?? ""],
                    "notifier": [notifier(row)], "distribution": lists[0], "forAttention": lists[1],
                    "forFollowUp": lists[2],
                ]
            }
            if isFirst, !lists[2].isEmpty, isNotifier || isAddressee && lists[2].contains(code) {
                readable[Readable(type: "sanhu.assistance.requested", reference: reference)] = ["asked": lists[2]]
            }
        }
        return readable
    }

    /// What a reader was given: for each event what it said, as far as the file tells it; nil if something is there twice.
    static func given(_ seen: [SeenEntry]) throws -> [Readable: [String: [String]]]? {
        var given: [Readable: [String: [String]]] = [:]
        for case .entry(let entry) in seen {
            let event = try JSONSerialization.jsonObject(with: Data(entry.event)) as? [String: Any] ?? [:]
            let data = event["data"] as? [String: Any] ?? [:]
            let type = event["type"] as? String ?? ""
            let reference = data["notification"] as? String ?? data["case"] as? String ?? ""
            let names =
                type == "sanhu.assistance.requested"
                ? ["asked"]
                : [
                    "subject", "category", "productType", "classification", "riskDecision", "notifier", "distribution",
                    "forAttention", "forFollowUp",
                ]
            var said: [String: [String]] = [:]
            for name in names {
                said[name] = data[name] as? [String] ?? (data[name] as? String).map { [$0] } ?? []
            }
            guard given.updateValue(said, forKey: Readable(type: type, reference: reference)) == nil else { return nil }
        }
        return given
    }
}
