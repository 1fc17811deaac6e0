public import EventLog
public import Exchange
public import JSON
public import Views

/// A report that is asked for by its name: a figure by its code, or one of several figures.
public struct ReportQuestion: Sendable, Hashable {
    /// The reports that are no single figure.
    public static let names = ["scoreboard", "ranking", "reduction", "coverage", "security"]

    public let name: String
    public var selection = FigureSelection()
    /// `import` or `export`; for `ranking`.
    public var flow: String?
    /// The fewest declarations by which a port is ranked; for `ranking`.
    public var minimum = FigureRanking.minimum

    /// - Returns: nil if there is no such report.
    public init?(_ name: String) {
        guard Self.names.contains(name) || PortFigures.figure(name) != nil else { return nil }
        self.name = name
    }

    /// The beginning and the end of a month at +08:00, `2026-03`; nil if the text is none.
    public static func month(_ text: String) -> (from: Timestamp, to: Timestamp)? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard text.utf8.count == 7, parts.count == 2, (1...12).contains(parts[1]), (0...9_998).contains(parts[0])
        else { return nil }
        let next = parts[1] == 12 ? (parts[0] + 1, 1) : (parts[0], parts[1] + 1)
        let digits = ("\(next.0 + 10_000)".dropFirst(), "\(next.1 + 100)".dropFirst())
        guard let start = Timestamp(text + "-01T00:00:00+08:00"),
            let end = Timestamp("\(digits.0)-\(digits.1)-01T00:00:00+08:00")
        else { return nil }
        return (start, end)
    }
}

/// What a report came to.
public enum ReportAnswer: Sendable {
    case report(FigureReport)
    case table(FigureTable)
    case ranking(FigureRanking)
    case targets(FigureTargets)
    case coverage(SharingCoverage)
    /// The figure counts what the reader may not see.
    case untold

    /// As lines of JSON.
    public var json: [UInt8] {
        let text: [UInt8] =
            switch self {
            case .report(let report): report.json
            case .table(let table): table.json
            case .ranking(let ranking): ranking.json
            case .targets(let targets): targets.json
            case .coverage(let coverage): coverage.json
            case .untold: []
            }
        return text.isEmpty || text.last == UInt8(ascii: "\n") ? text : text + [UInt8(ascii: "\n")]
    }
}

extension PortFigures {
    /// What a report comes to.
    ///
    /// - Parameters, Throws, Complexity: As ``report(_:of:at:for:)``.
    public func answer(
        _ question: ReportQuestion, at position: Position? = nil, for reader: Reader
    ) async throws(ViewError) -> ReportAnswer {
        func computed(_ codes: Set<String>?) async throws(ViewError) -> FigureReport {
            try await report(codes, of: question.selection, at: position, for: reader)
        }
        switch question.name {
        case "scoreboard": return .report(try await computed(nil))
        case "security": return .report(try await computed(Self.security))
        case "ranking":
            let table = try await computed(["K22"]).table("K22")
            return table.map {
                .ranking(FigureRanking($0, flow: question.flow, minimum: question.minimum))
            } ?? .untold
        case "reduction": return .targets(FigureTargets(try await computed(["K22", "K01"])))
        case "coverage": return .coverage(try SharingCoverage(self, at: position, for: reader))
        default: return try await computed([question.name]).table(question.name).map { .table($0) } ?? .untold
        }
    }
}

extension Figure {
    /// Writes what it is: code, names, systems, version of its definition, form and unit.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("figure", code)
            json.member("name", name)
            json.member("chinese", chinese)
            json.member("systems", systems.joined(separator: " "))
            json.member("definition", Int64(version))
            json.member("form", form.rawValue)
            json.member("unit", unit)
        }
    }
}
