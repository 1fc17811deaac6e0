internal import EventLog
internal import JSON

/// What a figure came to, by groups.
public struct FigureTable: Sendable {
    public struct Row: Sendable, Hashable {
        public let group: FigureGroup
        public let measure: FigureMeasure
    }

    public let figure: Figure
    public let origin: FigureReport.Origin
    /// The policies on which it may depend, in their order.
    public let policies: [FigureTerms.Policy]
    /// By port, month and labels.
    public let rows: [Row]

    /// Of all rows.
    public var total: FigureMeasure { Self.sum(rows) }

    /// The rows put together by some part of their groups, sorted by it.
    public func sums(by key: (FigureGroup) -> String) -> [(key: String, measure: FigureMeasure)] {
        Dictionary(grouping: rows, by: { key($0.group) }).map { ($0.key, Self.sum($0.value)) }.sorted {
            $0.key.utf8.lexicographicallyPrecedes($1.key.utf8)
        }
    }

    private static func sum(_ rows: [Row]) -> FigureMeasure {
        rows.reduce(into: FigureMeasure()) { $0.add($1.measure) }
    }

    /// As one line of JSON, its members sorted: the same of the same position, byte for byte.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("chinese", figure.chinese)
            writer.member("definition", Int64(figure.version))
            writer.member("figure", figure.code)
            writer.member("form", figure.form.rawValue)
            origin.write(to: &writer, name: figure.name, hasPort: figure.hasPort)
            writer.key("policies")
            writer.array { writer in
                for policy in policies {
                    writer.object { writer in
                        writer.member("agency", policy.agency)
                        writer.member("edition", policy.edition)
                        writer.member("kind", policy.kind)
                        writer.member("position", Int64(policy.position))
                    }
                }
            }
            writer.member("position", Int64(origin.position))
            writer.member("root", origin.root)
            writer.key("rows")
            writer.array { writer in
                for row in rows {
                    writer.object { writer in
                        writer.key("group")
                        writer.object { writer in
                            let named = zip(
                                ["month", "port"] + figure.groups, [row.group.month, row.group.port] + row.group.labels)
                            for (name, label) in named.sorted(by: { $0.0 < $1.0 }) { writer.member(name, label) }
                        }
                        row.measure.write(as: figure.form, to: &writer)
                    }
                }
            }
            writer.key("systems")
            writer.array { writer in for system in figure.systems { writer.string(system) } }
            writer.key("total")
            writer.object { total.write(as: figure.form, to: &$0) }
            if let time = origin.selection.trueAt { writer.member("true", time.description) }
            writer.member("unit", figure.unit)
        }
        return writer.bytes
    }
}

extension FigureReport.Origin {
    /// The members from `from` to `port`, which stand about `name`.
    fileprivate func write(to writer: inout JSONWriter, name: String, hasPort: Bool) {
        if let from = selection.from { writer.member("from", from.description) }
        writer.member("name", name)
        if hasPort, let port = selection.port { writer.member("of", port) }
        if let to = selection.to { writer.member("period-to", to.description) }
    }
}

extension FigureMeasure {
    /// As members, sorted by name.
    func write(as form: Figure.Form, to writer: inout JSONWriter) {
        switch form {
        case .count: writer.member("count", count)
        case .share:
            writer.member("count", count)
            writer.member("hits", hits)
            if count > 0 { number("share", share, &writer) }
        case .ratio:
            writer.member("part", hits)
            if count > 0 { number("ratio", share, &writer) }
            writer.member("whole", count)
        case .distribution:
            writer.member("count", count)
            let ranks = percentiles([50, 80, 90, 95])
            guard let least, let most, ranks.count == 4 else { return }
            writer.member("max", most)
            number("mean", mean, &writer)
            writer.member("median", ranks[0])
            writer.member("min", least)
            writer.member("p80", ranks[1])
            writer.member("p90", ranks[2])
            writer.member("p95", ranks[3])
        }
    }

    private func number(_ key: String, _ text: String, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.raw(Array(text.utf8))
    }

    /// In a few words, for people.
    public func text(as form: Figure.Form, unit: String) -> String {
        switch form {
        case .count: return "\(count)"
        case .share:
            return count == 0 ? "–" : "\(Self.decimal(hits * 100, over: count, digits: 1)) % (\(hits) of \(count))"
        case .ratio: return count == 0 ? "–" : Self.decimal(hits, over: count, digits: 2)
        case .distribution:
            let ranks = percentiles([50, 80, 90])
            guard ranks.count == 3, let most else { return "–" }
            func said(_ value: Int64) -> String {
                unit == "seconds" ? Self.decimal(value, over: 3_600, digits: 2) + " h" : "\(value)"
            }
            let mean =
                unit == "seconds" ? Self.decimal(sum, over: count * 3_600, digits: 2) + " h" : self.mean
            return
                "\(count): mean \(mean), median \(said(ranks[0])), p80 \(said(ranks[1])), p90 \(said(ranks[2])), max \(said(most))"
        }
    }
}
