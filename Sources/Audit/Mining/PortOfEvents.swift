internal import EventLog
internal import Exchange
internal import JSON

/// At which port events happened: as they say, else as the lodgement of the declaration says that they name first.
struct PortOfEvents {
    let ledger: ExchangeLedger
    let reader: Reader
    /// Entries from there on do not count.
    let end: Position
    /// What was looked up; it is forgotten when there is too much of it.
    private var known: [Tag: String?] = [:]
    private static let most = 100_000

    init(ledger: ExchangeLedger, reader: Reader, end: Position) {
        (self.ledger, self.reader, self.end) = (ledger, reader, end)
    }

    mutating func port(of event: MinedEvent) throws(ExchangeError) -> String? {
        if let port = event.ownPort { return port }
        guard let declaration = event.objects.first(where: { $0.isOf(kind: "declaration") }) else { return nil }
        return try port(of: declaration)
    }

    /// The port of an object by its name: that of a declaration, as it was lodged.
    mutating func port(ofObject name: String) throws(ExchangeError) -> String? {
        guard let object = try? Tag(name), object.isOf(kind: "declaration") else { return nil }
        return try port(of: object)
    }

    private mutating func port(of declaration: Tag) throws(ExchangeError) -> String? {
        if let port = known[declaration] { return port }
        let port = try lodged(declaration)
        if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
        known[declaration] = .some(port)
        return port
    }

    private func lodged(_ declaration: Tag) throws(ExchangeError) -> String? {
        let query = Query(types: ["sanhu.declaration.lodged"], tags: [declaration])
        let found = try LogAsking.of { () throws(LogError) in
            try ledger.log.read(query, ReadRange(to: end, limit: 1))
        }
        // What the reader may not see decides nothing for it.
        guard let entry = found.first, try ledger.outlines(of: [entry], for: reader).first?.isStub == false,
            let document = try? JSONDocument(parsing: entry.bytes), let event = document.root["event"]
        else { return nil }
        return event["data"]?["port"]?.string ?? event["port"]?.string
    }
}
