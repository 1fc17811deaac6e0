internal import EventLog
internal import JSON

/// What figures were to reach, as each jurisdiction and edition of a document says it, and what they have reached (S07, S76, K23).
public struct FigureTargets: Sendable {
    /// A target, and how far it is.
    public struct Line: Sendable, Hashable {
        public let jurisdiction: String
        public let edition: String
        /// Of the policy.
        public let position: UInt64
        public let figure: String
        public let due: String
        /// What it is compared with: the year of the frozen baseline; nil if with nothing.
        public let baseline: String?
        /// The target as it is published, and its unit.
        public let target: String
        public let unit: String
        /// What was measured, in that unit; nil if nothing can be said.
        public let measured: String?
        public let isMet: Bool?
    }

    public let origin: FigureReport.Origin
    /// In the order of the policies: those that disagree stand beside one another.
    public let lines: [Line]

    /// Which figure is meant by the name that policies have for it.
    private static let codes = ["clearance-time": "K22", "single-window-use": "K01"]
    /// The unit of targets that are a part of a baseline.
    private static let ofBaseline = "of the baseline"
    /// A baseline is a target that was due by the end of its own year: in hours.
    private static let secondsPer: [String: Double] = ["hours": 3_600, "minutes": 60, "seconds": 1]

    /// - Parameter report: Of the figures `K22` and `K01`.
    public init(_ report: FigureReport) {
        origin = report.origin
        var lines: [Line] = []
        let policies = report.terms.policies.filter { $0.kind == "target" }
        for policy in policies {
            for target in policy.data["targets"]?.elements ?? [] {
                let unit = target["unit"]?.string ?? ""
                guard let figure = target["figure"]?.string, let value = target["value"]?.double,
                    let due = target["due"]?.string, Self.secondsPer[unit] == nil
                else { continue }
                let year = target["baseline"]?.string
                let measure = Self.measure(figure, of: policy, due: due, report)
                let measured: Double?
                if unit == Self.ofBaseline {
                    let before = year.flatMap { Self.baseline(figure, $0, policy, policies) }
                    measured = before.flatMap { base in measure.map { Double($0.sum) / Double($0.count) / base } }
                } else {
                    measured = measure.map { Double($0.hits) * 100 / Double($0.count) }
                }
                lines.append(
                    Line(
                        jurisdiction: policy.jurisdiction, edition: policy.edition, position: policy.position,
                        figure: figure, due: due, baseline: year, target: Self.text(value), unit: unit,
                        measured: measured.map(Self.text),
                        isMet: measured.map { unit == Self.ofBaseline ? $0 <= value : $0 >= value }))
            }
        }
        self.lines = lines
    }

    /// What a target is about: of the figure that it names, `clearance-time/import` of one flow, the ports of its jurisdiction,
    /// in the twelve months up to the one in which it is due, or to the last one there is.
    private static func measure(
        _ figure: String, of policy: FigureTerms.Policy, due: String, _ report: FigureReport
    ) -> FigureMeasure? {
        let parts = figure.split(separator: "/", maxSplits: 1).map(String.init)
        guard let name = parts.first, let code = codes[name], let table = report.table(code),
            let last = table.rows.map(\.group.month).filter({ $0 <= due.prefix(7) }).max(),
            let year = Int(last.prefix(4))
        else { return nil }
        let first = "\(year - 1)" + last.dropFirst(4)
        var sum = FigureMeasure()
        for row in table.rows where row.group.month > first && row.group.month <= last {
            guard policy.isAbout(port: row.group.port), parts.count == 1 || row.group.labels.last == parts[1] else {
                continue
            }
            sum.add(row.measure)
        }
        return sum.count > 0 ? sum : nil
    }

    /// The baseline of a year, in seconds: the first that was published for the jurisdiction, or else for the country that it is
    /// in. It is frozen: what is published later does not change it.
    private static func baseline(
        _ figure: String, _ year: String, _ policy: FigureTerms.Policy, _ policies: [FigureTerms.Policy]
    ) -> Double? {
        let own = policies.filter { $0.jurisdiction == policy.jurisdiction }
        let country = String(policy.jurisdiction.prefix { $0 != "-" })
        for candidate in own + policies.filter({ $0.jurisdiction == country }) {
            for target in candidate.data["targets"]?.elements ?? [] {
                guard target["figure"]?.string == figure, target["baseline"]?.string == year,
                    target["due"]?.string?.hasPrefix(year) == true, let unit = target["unit"]?.string,
                    let seconds = secondsPer[unit], let value = target["value"]?.double, value > 0
                else { continue }
                return value * seconds
            }
        }
        return nil
    }

    /// A number to a ten-thousandth.
    private static func text(_ value: Double) -> String {
        FigureMeasure.decimal(Int64((value * 10_000).rounded()), over: 10_000, digits: 4)
    }

    /// As lines of JSON, their members sorted.
    public var json: [UInt8] {
        var writer = JSONWriter()
        for line in lines {
            writer.object { writer in
                if let baseline = line.baseline { writer.member("baseline", baseline) }
                writer.member("due", line.due)
                writer.member("edition", line.edition)
                writer.member("figure", line.figure)
                writer.member("jurisdiction", line.jurisdiction)
                if let measured = line.measured {
                    writer.key("measured")
                    writer.raw(Array(measured.utf8))
                }
                if let isMet = line.isMet {
                    writer.key("met")
                    writer.bool(isMet)
                }
                writer.member("policy", Int64(line.position))
                writer.member("position", Int64(origin.position))
                writer.member("root", origin.root)
                writer.key("target")
                writer.raw(Array(line.target.utf8))
                writer.member("unit", line.unit)
            }
            writer.endLine()
        }
        return writer.bytes
    }
}
