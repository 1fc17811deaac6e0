internal import EventLog
internal import JSON

/// Ports by their mean clearance time (口岸通关效率排行榜, S77, K24).
public struct FigureRanking: Sendable {
    public struct Place: Sendable, Hashable {
        /// Ports of the same mean share a place, and the next one is left out: 1, 2, 2, 4.
        public let rank: Int
        public let port: String
        public let measure: FigureMeasure
    }

    /// The fewest declarations by which a port is ranked, if nothing else is said: fewer may tell of one firm.
    public static let minimum: Int64 = 10

    /// The least minimum that who asks may choose: of two declarations each firm knows the other's time.
    public static let leastMinimum: Int64 = 3

    public let table: FigureTable
    public let minimum: Int64
    /// By rank; those of one rank by the names of their ports.
    public let places: [Place]
    /// How many ports have fewer than the minimum: not which.
    public let suppressed: Int

    /// - Parameters:
    ///   - table: Of the figure `K22`.
    ///   - flow: If given, only `import` or `export`.
    public init(_ table: FigureTable, flow: String? = nil, minimum: Int64 = Self.minimum) {
        (self.table, self.minimum) = (table, minimum)
        let rows = table.rows.filter { row in flow.map { row.group.labels.last == $0 } ?? true }
        let all = FigureTable(figure: table.figure, origin: table.origin, policies: table.policies, rows: rows)
            .sums { $0.port }
        let ranked = all.filter { $0.measure.count >= max(1, minimum) }
        suppressed = all.count - ranked.count
        /// Whether a mean is less than another, exactly.
        func isLess(_ left: FigureMeasure, _ right: FigureMeasure) -> Bool {
            Int128(left.sum) * Int128(right.count) < Int128(right.sum) * Int128(left.count)
        }
        // `all` is in the order of names, and there is one of each.
        let sorted = ranked.enumerated().sorted { left, right in
            if isLess(left.element.measure, right.element.measure) { return true }
            if isLess(right.element.measure, left.element.measure) { return false }
            return left.offset < right.offset
        }.map(\.element)
        places = sorted.map { key, measure in
            Place(rank: 1 + ranked.count { isLess($0.measure, measure) }, port: key, measure: measure)
        }
    }

    /// As one line of JSON, its members sorted.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("definition", Int64(table.figure.version))
            writer.member("figure", "K24")
            writer.member("minimum", minimum)
            writer.member("of", table.figure.code)
            writer.key("places")
            writer.array { writer in
                for place in places {
                    writer.object { writer in
                        writer.member("port", place.port)
                        writer.member("rank", Int64(place.rank))
                        place.measure.write(as: table.figure.form, to: &writer)
                    }
                }
            }
            writer.member("position", Int64(table.origin.position))
            writer.member("root", table.origin.root)
            writer.member("suppressed", Int64(suppressed))
            if let time = table.origin.selection.trueAt { writer.member("true", time.description) }
        }
        return writer.bytes
    }
}
