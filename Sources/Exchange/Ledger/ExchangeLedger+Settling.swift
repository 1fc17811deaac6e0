public import EventLog

extension ExchangeLedger {
    /// The platform itself (单一窗口), which appends what comes to pass without anybody doing it.
    public static let platform = "SW"

    /// The most endings that are noted together.
    private static let together = 1000
    /// How often it is begun again when others append events of disclosure at the same time.
    private static let attempts = 16

    /// Notes what has ended because its time is over, each thing once: appends `sanhu.disclosure.expired` for grants, for
    /// requests that were not decided, and for requests for assistance that were not closed.
    ///
    /// Nothing depends on it: what is over opens nothing, noted or not. Call it after opening, and when ``nextEnd()`` has
    /// come; what ended while the ledger was closed is then noted as well. The ids are made of the rule and of what has
    /// ended, so that it is noted once, whoever calls this how often.
    ///
    /// - Parameter agency: Who notes it.
    /// - Returns: The positions of the notes; none if the charter does not let the agency note it: not a member, without the
    ///   power, a source or the schema.
    /// - Throws: ``ExchangeError`` with code `.log`, or `.conflict` if others append such events all the time.
    @discardableResult
    public func settle(as agency: String = platform) async throws(ExchangeError) -> [Position] {
        var positions: [Position] = []
        var failures = 0
        while true {
            let over = try current { state throws(ExchangeError) in
                try Self.mayNote(agency, state) ? state.book.unnoted(at: state.now).prefix(Self.together) : []
            }
            guard !over.isEmpty else { return positions }
            do throws(ExchangeError) {
                let events = try over.map { event throws(ExchangeError) in try compose(event, as: agency) }
                positions += try await append(events, as: agency).map(\.position)
            } catch {
                // Another call has noted it meanwhile, or its owner has ended it.
                failures += 1
                guard failures < Self.attempts, [.conflict, .grantEnded, .caseClosed].contains(error.code) else {
                    throw error
                }
            }
        }
    }

    /// When the next grant or request is over by its time, so that ``settle(as:)`` has something to note; nil if there is
    /// nothing.
    public func nextEnd() throws(ExchangeError) -> Timestamp? {
        try current { $0.book.nextEnd }
    }

    private static func mayNote(_ agency: String, _ state: ExchangeState) throws(ExchangeError) -> Bool {
        let (charter, now) = (try state.charter(), state.now)
        let type = DisclosureEvent.expired(grant: 0).type
        return charter.power(of: agency, type: type, port: nil, at: now) != nil
            && charter.source(of: agency, at: now) != nil && charter.schema(forType: type, at: now) != nil
    }
}
