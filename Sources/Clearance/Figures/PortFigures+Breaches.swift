internal import EventLog
internal import Exchange
internal import JSON
internal import Views

extension PortFigures {
    /// What rules found broken that record breaches: S52, S80.
    static let breaching: [Figure] = [
        breaches("K15", of: "separation", "Breaches of separation that were recorded", "选查处未分离", "S52", version: 2),
        breaches(
            "K26-breaches", of: "charges", "Charges that broke the rule on charges", "违规收费", "S80 S81", version: 1),
    ]

    private static func breaches(
        _ code: String, of rule: String, _ name: String, _ chinese: String, _ systems: String, version: Int
    ) -> Figure {
        var figure = Figure(code, name, chinese, systems, .count, unit: "breaches", of: nil, version: version) {
            story, terms, samples in
            for breach in terms.breaches ?? [] where breach.rule == rule && breach.object == story.object {
                samples.take(true, at: story.port, breach.recorded)
            }
        }
        figure.isOfBreaches = true
        return figure
    }

    /// The breaches below a position as a reader sees them; nil if there are some that it does not see.
    func breaches(at position: Position, for reader: Reader) async throws(ViewError) -> [FigureTerms.Breach]? {
        let (ledger, query) = (runner.ledger, Query(types: ["sanhu.rule.breached"]))
        let range = ReadRange(to: position)
        let count = try ViewError.wrapping { () throws(LogError) in try ledger.log.read(query, range).count }
        let seen: [SeenEntry]
        do throws(ExchangeError) {
            seen = try await ledger.read(query, range, for: reader)
        } catch {
            throw ViewError(error)
        }
        let breaches = seen.compactMap { entry -> FigureTerms.Breach? in
            guard case .entry(let event) = entry, let root = try? JSONDocument(parsing: event.event).root,
                let rule = root["data"]?["rule"]?.string, let object = root["data"]?["object"]?.string
            else { return nil }
            return FigureTerms.Breach(rule: rule, object: object, recorded: event.recorded)
        }
        return breaches.count == count ? breaches : nil
    }
}
