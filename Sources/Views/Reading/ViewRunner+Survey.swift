public import EventLog
public import Exchange

extension ViewRunner {
    /// How many rows are read in one transaction.
    private static let rowsPerPage = 8_192

    /// Gives all objects whose names begin with a text, in the order of their names, each with the facts that nobody is denied.
    ///
    /// Left out are, as from tallies, facts of entries that not every authority sees by the schema alone; of the others values that
    /// any schema marks are ``FactValue/missing``. So nothing is decided for a reader, and nothing is recorded. An object without
    /// such facts below the position does not come.
    ///
    /// One object is in memory at a time, and no transaction is held while it is taken. What is appended meanwhile stands at
    /// later positions: give a position, and the same comes whenever it is asked for, but for entries that were parked.
    ///
    /// - Parameters:
    ///   - text: How names begin: `declaration:`; nothing for all.
    ///   - position: The position after the last that counts; the view must have come so far. Else, how far it has come.
    ///   - claim: An authority, or an auditor.
    ///   - take: Gets each object.
    /// - Returns: The position.
    /// - Throws: ``ViewError``: `.notReached`, `.limitExceeded` if an object has more than ``ViewLimits/factsPerRead`` facts,
    ///   `.exchange` if the reader is neither an authority nor an auditor; and what `take` throws.
    /// - Complexity: O(*n*) in the facts of these objects, also of those at later positions.
    @discardableResult
    public func survey(
        of text: String = "", at position: Position? = nil, for claim: Reader,
        _ take: (SurveyedObject) throws(ViewError) -> Void
    ) throws(ViewError) -> Position {
        try refuseStatistics(to: claim)
        let store = try openStore(at: position)
        let reached = try store.readMeta()?.position ?? 0
        let end = position ?? reached
        let ledger = ledger
        let mergers = try ViewError.wrapping { () throws(ExchangeError) in try ledger.mergers() }
        let catalog = SchemaCatalog(try ViewError.wrapping { () throws(ExchangeError) in try ledger.foldTerms() })
        var origins: [UInt64: (texts: StoredRows.Texts, isSeen: Bool)] = [:]
        var (object, facts): ([UInt8], [Fact]) = ([], [])
        func give() throws(ViewError) {
            guard !facts.isEmpty else { return }
            let given = facts
            facts = []
            try take(SurveyedObject(name: String(decoding: object, as: UTF8.self), facts: given))
        }
        var next: [UInt8]?
        repeat {
            let page = try store.page(
                of: text, from: next, before: end, rows: Self.rowsPerPage, known: Set(origins.keys))
            next = page.next
            for (number, texts) in page.origins {
                let origin = try catalog.origin(schema: texts.schema, type: texts.type, agency: texts.agency)
                origins[number] = (texts, origin.traits.isSeenByAuthorities)
            }
            for (name, stored) in page.facts {
                if name != object {
                    try give()
                    object = name
                }
                guard let origin = origins[stored.origin], origin.isSeen else { continue }
                guard facts.count < ViewLimits.factsPerRead else {
                    throw ViewError(
                        .limitExceeded,
                        "There are more than \(ViewLimits.factsPerRead) facts about “\(String(decoding: name, as: UTF8.self))”."
                    )
                }
                let predecessors = mergers.predecessors(of: origin.texts.agency, at: stored.recorded)
                facts.append(Fact(stored, origin.texts, predecessors: predecessors))
            }
        } while next != nil
        try give()
        return end
    }
}

extension Fact {
    /// As it is stored: what a schema marks is missing.
    fileprivate init(_ stored: StoredFact, _ origin: StoredRows.Texts, predecessors: [String]) {
        let values = stored.values.map { value in
            if case .given(let value) = value { value } else { FactValue.missing }
        }
        self.init(
            position: stored.position, ordinal: stored.ordinal, recorded: stored.recorded, agency: origin.agency,
            type: origin.type, schema: origin.schema, predecessors: predecessors, kind: stored.kind, values: values)
    }
}
