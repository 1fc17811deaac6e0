internal import EventLog

/// The timeline of a report as inline SVG: a lane for each agency, a column for each event in the order in which they happened.
/// Columns are as wide whatever lies between them; long gaps are marked. What was recorded late is tied to where it was recorded,
/// corrections point to what they correct.
struct AuditTimeline {
    private let report: AuditReport
    /// In the order in which they happened.
    private let events: [AuditedEvent]
    private let lanes: [String]

    /// Columns of one strip; a longer timeline has several, so that it can be printed.
    private static let columns = 36
    private static let (left, width, laneHeight, top) = (84, 1_000, 30, 40)
    private static let late: Int64 = 60_000_000
    private static let gap: Int64 = 6 * 3_600_000_000

    init(_ report: AuditReport) {
        self.report = report
        events = report.events.sorted { ($0.moment, $0.position) < ($1.moment, $1.position) }
        var lanes: [String] = []
        for event in events where !lanes.contains(event.agency) { lanes.append(event.agency) }
        self.lanes = lanes
    }

    func write(to html: inout HTMLWriter) {
        for start in stride(from: 0, to: events.count, by: Self.columns) {
            strip(start..<min(start + Self.columns, events.count), to: &html)
        }
    }

    private func x(_ index: Int, _ strip: Range<Int>) -> Int {
        Self.left + 14 + (index - strip.lowerBound) * (Self.width - Self.left - 20) / Self.columns
    }

    private func y(_ agency: String, _ lanes: [String]) -> Int {
        Self.top + 12 + (lanes.firstIndex(of: agency) ?? 0) * Self.laneHeight
    }

    private func strip(_ strip: Range<Int>, to html: inout HTMLWriter) {
        let lanes = lanes.filter { lane in events[strip].contains { $0.agency == lane } }
        let height = Self.top + lanes.count * Self.laneHeight + 6
        let name = "t\(strip.lowerBound)"
        html.raw(
            "<svg viewBox=\"0 0 \(Self.width) \(height)\" role=\"img\" aria-labelledby=\"\(name)t \(name)d\"><title id=\"\(name)t\">"
        )
        html.text("Timeline of events \(strip.lowerBound + 1) to \(strip.upperBound) of \(events.count)")
        html.raw("</title><desc id=\"\(name)d\">")
        html.text(
            "From \(LocalTime(events[strip.lowerBound].moment).text) to \(LocalTime(events[strip.upperBound - 1].moment).text); "
                + "lanes: \(lanes.joined(separator: ", ")). The table of events says the same.")
        html.raw(
            "</desc><defs><marker id=\"\(name)a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
        )
        for lane in lanes {
            let line = y(lane, lanes)
            html.raw(
                "<line class=\"rule\" x1=\"\(Self.left)\" x2=\"\(Self.width - 4)\" y1=\"\(line)\" y2=\"\(line)\"/>")
            html.raw("<text class=\"lane\" x=\"2\" y=\"\(line + 4)\">")
            html.text(lane)
            html.raw("</text>\n")
        }
        axis(strip, height, to: &html)
        for index in strip { tie(index, strip, lanes, to: &html) }
        for index in strip { arrows(index, strip, lanes, name, to: &html) }
        for index in strip { mark(index, strip, lanes, to: &html) }
        html.raw("</svg>\n")
    }

    /// The days and times above the columns, and the gaps between them.
    private func axis(_ strip: Range<Int>, _ height: Int, to html: inout HTMLWriter) {
        var (day, labelled, isFirst) = ("", strip.lowerBound - 4, true)
        for index in strip {
            let (time, at) = (LocalTime(events[index].moment), x(index, strip))
            let isNewDay = time.day != day
            // A label is two columns wide; one of a new day is not written over.
            let ahead = min(index + 2, strip.upperBound - 1)
            let isFree = index - labelled >= 3 && LocalTime(events[ahead].moment).day == time.day
            if isNewDay {
                html.raw("<text x=\"\(at - 4)\" y=\"12\">\(time.day.dropFirst(isFirst ? 0 : 5))</text>")
                (day, isFirst) = (time.day, false)
            }
            if isNewDay || isFree {
                html.raw("<text x=\"\(at - 4)\" y=\"25\">\(time.clock.prefix(5))</text>\n")
                labelled = index
            }
            guard index > strip.lowerBound else { continue }
            let gap = events[index].moment.microseconds - events[index - 1].moment.microseconds
            guard gap >= Self.gap else { continue }
            let between = (at + x(index - 1, strip)) / 2
            html.raw(
                "<line class=\"gap\" x1=\"\(between)\" x2=\"\(between)\" y1=\"30\" y2=\"\(height - 4)\"><title>\(gap / 3_600_000_000) hours without an event</title></line>\n"
            )
        }
    }

    /// From where it happened to where it was recorded, if that is later.
    private func tie(_ index: Int, _ strip: Range<Int>, _ lanes: [String], to html: inout HTMLWriter) {
        let event = events[index]
        guard event.recorded.microseconds - event.moment.microseconds >= Self.late else { return }
        let known = strip.last { events[$0].moment <= event.recorded } ?? index
        let (from, line) = (x(index, strip), y(event.agency, lanes))
        let to = max(known, index) == index ? from + 10 : x(known, strip) + 10
        html.raw(
            "<path class=\"recorded\" d=\"M\(from) \(line)H\(to)M\(to) \(line - 5)V\(line + 5)\"><title>recorded \(LocalTime(event.recorded).text)</title></path>\n"
        )
    }

    private func arrows(
        _ index: Int, _ strip: Range<Int>, _ lanes: [String], _ name: String, to html: inout HTMLWriter
    ) {
        let (from, line) = (x(index, strip), y(events[index].agency, lanes))
        for corrected in events[index].corrects {
            guard let target = strip.first(where: { events[$0].position == corrected }) else {
                html.raw("<text x=\"\(from - 10)\" y=\"\(line - 8)\">→ \(corrected)</text>\n")
                continue
            }
            let (to, end) = (x(target, strip), y(events[target].agency, lanes))
            html.raw(
                "<path class=\"arrow\" marker-end=\"url(#\(name)a)\" d=\"M\(from) \(line - 6)Q\((from + to) / 2) \(min(line, end) - 22) \(to) \(end - 7)\"><title>\(events[index].position) corrects \(corrected)</title></path>\n"
            )
        }
    }

    /// The event: a circle; a decision a diamond, a correction a square, a breach a triangle.
    private func mark(_ index: Int, _ strip: Range<Int>, _ lanes: [String], to html: inout HTMLWriter) {
        let event = events[index]
        let (at, line) = (x(index, strip), y(event.agency, lanes))
        html.raw("<a href=\"#e\(event.position)\"><g><title>")
        html.text("\(event.position) \(event.type) \(LocalTime(event.moment).text)")
        html.raw("</title>")
        if event.type == "rule.breached" {
            html.raw("<path class=\"dot breach\" d=\"M\(at) \(line - 6)l6 10h-12z\"/>")
        } else if event.type == "record.corrected" {
            html.raw("<rect class=\"dot correction\" x=\"\(at - 5)\" y=\"\(line - 5)\" width=\"10\" height=\"10\"/>")
        } else if report.decisions[event.position] != nil {
            html.raw("<path class=\"dot decision\" d=\"M\(at) \(line - 6)l6 6l-6 6l-6 -6z\"/>")
        } else {
            html.raw("<circle class=\"dot\" cx=\"\(at)\" cy=\"\(line)\" r=\"4.5\"/>")
        }
        html.raw("<text class=\"n\" x=\"\(at)\" y=\"\(line + 15)\">\(event.position)</text></g></a>\n")
    }
}
