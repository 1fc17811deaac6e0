import Clearance
import EventLog
import JSON

/// Prints reports: lines of JSON, or tables for people.
enum ReportPrinter {
    private static func isTable(_ format: ViewFormat?) -> Bool { ViewFormat.chosen(format) == .table }

    private static func write(_ json: [UInt8]) {
        Output.standard.write(json)
        if json.last != UInt8(ascii: "\n"), !json.isEmpty { Output.standard.writeLine("") }
    }

    static func list(_ format: ViewFormat?) {
        guard isTable(format) else {
            for figure in PortFigures.all {
                var json = JSONWriter()
                figure.write(to: &json)
                json.endLine()
                write(json.bytes)
            }
            return
        }
        let rows = PortFigures.all.map { figure in
            [figure.code, figure.chinese, figure.systems.joined(separator: " "), "\(figure.version)", figure.name]
        }
        ViewTable(titles: ["FIGURE", "指标", "SYSTEMS", "VERSION", "WHAT"], rows: rows).print(orElse: "")
    }

    static func show(_ answer: ReportAnswer, _ format: ViewFormat?) {
        guard isTable(format) else { return write(answer.json) }
        switch answer {
        case .report(let report): show(report)
        case .table(let table): show(table)
        case .ranking(let ranking): show(ranking)
        case .targets(let targets): show(targets)
        case .coverage(let coverage): show(coverage)
        case .untold: break
        }
    }

    private static func show(_ report: FigureReport) {
        let rows = report.tables.map { table in
            [
                table.figure.code, table.figure.chinese,
                table.total.text(as: table.figure.form, unit: table.figure.unit), table.figure.name,
            ]
        }
        let hidden = report.withheld.compactMap { PortFigures.figure($0) }.map {
            [$0.code, $0.chinese, "not told", $0.name]
        }
        ViewTable(titles: ["FIGURE", "指标", "VALUE", "WHAT"], rows: rows + hidden).print(orElse: "")
        show(report.origin)
    }

    private static func show(_ table: FigureTable) {
        let figure = table.figure
        let rows =
            table.rows.map { row in
                [row.group.port, row.group.month] + row.group.labels + [
                    row.measure.text(as: figure.form, unit: figure.unit)
                ]
            } + [["all", ""] + figure.groups.map { _ in "" } + [table.total.text(as: figure.form, unit: figure.unit)]]
        Output.standard.writeLine("\(figure.code) \(figure.chinese) \(figure.name), definition \(figure.version)")
        ViewTable(titles: ["PORT", "MONTH"] + figure.groups.map { $0.uppercased() } + ["VALUE"], rows: rows)
            .print(orElse: "nothing")
        show(table.origin)
    }

    private static func show(_ ranking: FigureRanking) {
        let figure = ranking.table.figure
        let rows = ranking.places.map {
            ["\($0.rank)", $0.port, $0.measure.text(as: figure.form, unit: figure.unit)]
        }
        ViewTable(titles: ["RANK", "PORT", "CLEARANCE TIME"], rows: rows).print(
            orElse: "no port has enough declarations")
        Output.standard.writeLine("\(ranking.suppressed) ports with fewer than \(ranking.minimum) are left out")
        show(ranking.table.origin)
    }

    private static func show(_ targets: FigureTargets) {
        let rows = targets.lines.map { line in
            [
                line.jurisdiction, line.edition, line.figure, line.due, "\(line.target) \(line.unit)",
                line.measured ?? "–", line.isMet.map { $0 ? "met" : "not met" } ?? "–",
            ]
        }
        ViewTable(titles: ["WHERE", "EDITION", "FIGURE", "DUE", "TARGET", "MEASURED", ""], rows: rows)
            .print(orElse: "no targets are published")
        show(targets.origin)
    }

    private static func show(_ coverage: SharingCoverage) {
        let rows = coverage.cells.map { cell in
            [
                cell.subject, cell.category, cell.isLive ? "live" : cell.isSealed ? "sealed" : "–", "\(cell.count)",
                cell.producers.sorted().joined(separator: " "), "\(cell.subscribers)",
                cell.lag.percentiles([95]).first.map { "\($0) s" } ?? "–", cell.last?.description ?? "–",
            ]
        }
        ViewTable(titles: ["SUBJECT", "CATEGORY", "", "EVENTS", "FROM", "READERS", "LAG P95", "LAST"], rows: rows)
            .print(orElse: "")
        Output.standard.writeLine("\(coverage.live) of \(coverage.cells.count) cells are live")
        show(coverage.origin)
    }

    private static func show(_ origin: FigureReport.Origin) {
        Output.standard.writeLine("position \(origin.position), root \(origin.root)")
    }
}
