package import EventLog
package import Exchange
internal import Transparency

/// The events of a scope that one reader sees, as process mining takes them. Nothing classified is opened, so nothing is
/// recorded; what is sealed as a whole is not there, whoever reads.
package struct MiningSource: Sendable {
    package let scope: MiningScope
    /// The log's name.
    package let origin: String
    /// The root of the log's tree of that size.
    package let root: String
    private let ledger: ExchangeLedger
    private let reader: Reader
    private let terms: FoldTerms
    private let kinds: Set<String>

    private static let pageEntries = 512

    /// - Throws: ``ExchangeError``: `.log` if the position is beyond the head.
    package init(
        of ledger: ExchangeLedger, for reader: Reader, _ scope: MiningScope
    ) throws(ExchangeError) {
        (self.ledger, self.reader, self.scope) = (ledger, reader, scope)
        origin = ledger.log.verifier.name
        root = try LogAsking.of { () throws(LogError) in
            try ledger.log.root(atSize: scope.position).description
        }
        terms = try ledger.foldTerms()
        // Whatever is asked for: kinds that name persons are in no export.
        kinds = Set(scope.kinds).intersection(MiningVocabulary.kinds).subtracting(
            try ledger.charter().personalTagKinds)
    }

    /// The kinds of objects that are exported, in their order.
    package var objectKinds: [String] { scope.kinds.filter(kinds.contains) }

    /// Goes through the events in the order of positions.
    ///
    /// - Parameter progress: Gets how far it is, and how far it goes.
    /// - Complexity: O(*n*) in the entries; memory for a page of them.
    package func events(
        progress: (Position, Position) -> Void = { _, _ in },
        _ visit: (MinedEvent) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        try events(.all, progress, visit)
    }

    /// Goes through the events about an object.
    ///
    /// - Complexity: O(*n*) in these.
    package func events(
        about object: Tag, _ visit: (MinedEvent) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        try events(Query(tags: [object]), { _, _ in }, visit)
    }

    private func events(
        _ query: Query, _ progress: (Position, Position) -> Void,
        _ visit: (MinedEvent) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        var ports = PortOfEvents(ledger: ledger, reader: reader, end: scope.position)
        var next = min(scope.from, scope.position)
        while next < scope.position {
            let range = ReadRange(from: next, to: scope.position, limit: Self.pageEntries)
            let page = try LogAsking.of { () throws(LogError) in try ledger.log.read(query, range) }
            for event in try seen(page) {
                if let since = scope.since, event.time < since { continue }
                if let until = scope.until, event.time >= until { continue }
                if let port = scope.port, try ports.port(of: event) != port { continue }
                try visit(event)
            }
            guard page.count == Self.pageEntries, let last = page.last else { break }
            next = last.position + 1
            progress(next, scope.position)
        }
    }

    /// What the reader sees of entries, without anything being opened.
    private func seen(_ entries: [Entry]) throws(ExchangeError) -> [MinedEvent] {
        let outlines = try ledger.outlines(of: entries, for: reader)
        var events: [MinedEvent] = []
        for (entry, outline) in zip(entries, outlines) where !outline.isStub {
            let event = try LogAsking.of { () throws(LogError) in try MinedEvent(entry, kinds: kinds) }
            if let schema = event.schema, try isSealed(schema) { continue }
            events.append(event)
        }
        return events
    }

    /// Whether events of a schema are sealed as a whole.
    private func isSealed(_ schema: String) throws(ExchangeError) -> Bool {
        guard let mark = try terms.marks(of: schema)?.wholeEvent else { return false }
        return mark.sharingClass > .public
    }
}
