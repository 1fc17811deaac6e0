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
                Output.standard.writeObject { writer in
                    writer.member("figure", figure.code)
                    writer.member("name", figure.name)
                    writer.member("chinese", figure.chinese)
                    writer.member("systems", figure.systems.joined(separator: " "))
                    writer.member("definition", Int64(figure.version))
                    writer.member("form", figure.form.rawValue)
                    writer.member("unit", figure.unit)
                }
            }
            return
        }
        let rows = PortFigures.all.map { figure in
            [figure.code, figure.chinese, figure.systems.joined(separator: " "), "\(figure.version)", figure.name]
        }
        ViewTable(titles: ["FIGURE", "指标", "SYSTEMS", "VERSION", "WHAT"], rows: rows).print(orElse: "")
    }

    static func show(_ report: FigureReport, _ format: ViewFormat?) {
        guard isTable(format) else { return write(report.json) }
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

    static func show(_ table: FigureTable, _ format: ViewFormat?) {
        guard isTable(format) else { return write(table.json) }
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

    static func show(_ ranking: FigureRanking, _ format: ViewFormat?) {
        guard isTable(format) else { return write(ranking.json) }
        let figure = ranking.table.figure
        let rows = ranking.places.map {
            ["\($0.rank)", $0.port, $0.measure.text(as: figure.form, unit: figure.unit)]
        }
        ViewTable(titles: ["RANK", "PORT", "CLEARANCE TIME"], rows: rows).print(
            orElse: "no port has enough declarations")
        Output.standard.writeLine("\(ranking.suppressed) ports with fewer than \(ranking.minimum) are left out")
        show(ranking.table.origin)
    }

    static func show(_ targets: FigureTargets, _ format: ViewFormat?) {
        guard isTable(format) else { return write(targets.json) }
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

    static func show(_ coverage: SharingCoverage, _ format: ViewFormat?) {
        guard isTable(format) else { return write(coverage.json) }
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
