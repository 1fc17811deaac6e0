package import Clearance

/// The figures of clearance time as comma-separated values: a line for each figure, port, month, mode of transport and flow, with
/// what it was computed from.
package enum ClearanceTimesCSV {
    /// The figures that are written: distributions in seconds, K22 and its parts.
    package static let figures: Set<String> = ["K22", "K22-agency", "K22-enterprise"]

    /// Between the labels of a row; in a label it is shown as U+FFFD.
    private static let separator = "\u{1F}"

    private static let titles = [
        "figure", "definition_version", "port", "month", "transport_mode", "flow", "declarations_count", "mean_seconds",
        "median_seconds", "p80_seconds", "p90_seconds", "p95_seconds", "min_seconds", "max_seconds", "ledger_origin",
        "position", "root",
    ]

    /// What a report has of these figures. What a figure is not divided by is `all`.
    ///
    /// - Parameter origin: The log's name.
    package static func text(_ report: FigureReport, origin: String) -> [UInt8] {
        var text = CSVText.line(titles.map { .text($0) })
        for table in report.tables where figures.contains(table.figure.code) {
            for (key, measure) in rows(of: table) {
                let ranks = measure.percentiles([50, 80, 90, 95])
                guard ranks.count == 4, let least = measure.least, let most = measure.most else { continue }
                text += CSVText.line(
                    [.text(table.figure.code), .number("\(table.figure.version)")] + key.map { .text($0) }
                        + [.number("\(measure.count)"), .number(measure.mean)] + ranks.map { .number("\($0)") }
                        + [
                            .number("\(least)"), .number("\(most)"), .text(origin),
                            .number("\(report.origin.position)"), .text(report.origin.root),
                        ])
            }
        }
        return text
    }

    /// The rows of a table by port, month, transport and flow, in the order of these.
    private static func rows(of table: FigureTable) -> [(key: [String], measure: FigureMeasure)] {
        func key(_ group: FigureGroup) -> String {
            func label(_ name: String) -> String {
                table.figure.groups.firstIndex(of: name).map { group.labels[$0] } ?? "all"
            }
            return [group.port, group.month, label("transport"), label("flow")].map { text in
                String(text.map { String($0) == separator ? "\u{FFFD}" : $0 })
            }.joined(separator: separator)
        }
        return table.sums(by: key).map { sum in
            (
                sum.key.split(separator: Character(separator), omittingEmptySubsequences: false).map(String.init),
                sum.measure
            )
        }
    }
}
