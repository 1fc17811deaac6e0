internal import EventLog
internal import JSON
internal import Transparency

extension ExchangeLedger {
    /// Makes a ledger whose first event is a charter. If that is interrupted, opening says so, and it can be done again in the
    /// same place.
    ///
    /// - Parameters:
    ///   - charter: The CloudEvent of the founding, `sanhu.charter.founded`, signed by all founders for the origin that the
    ///     log's signer names.
    ///   - wrappingKey: Wraps the keys of what is sealed; it lies outside the folder.
    /// - Throws: ``ExchangeError``: as ``Charter/init(founding:origin:recorded:)`` and, for its schemas, `.schemaRefused`;
    ///   nothing is made then. `.log` for what the log refuses.
    public static func found(
        at path: String, charter: [UInt8], signers: Signers, wrappingKey: any WrappingKey,
        options: ExchangeOptions = ExchangeOptions()
    ) async throws(ExchangeError) -> ExchangeLedger {
        try await found(
            at: path, charter: charter, signers: signers, wrappingKey: wrappingKey, options: options,
            probe: FoundingProbe())
    }

    /// As the other, with something that is told of each step and may stop there.
    package static func found(
        at path: String, charter: [UInt8], signers: Signers, wrappingKey: any WrappingKey,
        options: ExchangeOptions = ExchangeOptions(), probe: FoundingProbe
    ) async throws(ExchangeError) -> ExchangeLedger {
        let founder = try check(founding: charter, origin: signers.log.verifier.name, at: options.clock())
        let founding = try Founding(at: path)
        try probe.reached(.marked)
        let accessLog = try ExchangeError.wrapping { () throws(LogError) in
            try Log.create(at: path + "/access", signer: signers.access, clock: options.clock)
        }
        try probe.reached(.accessLogMade)
        let keys = try KeyStore.create(path: path + "/keys", wrappingKey: wrappingKey)
        try probe.reached(.keysMade)
        // Last: from now on the folder is a ledger.
        let others = founding.others
        let log = try ExchangeError.wrapping { () throws(LogError) in
            try Log.create(at: path, signer: signers.log, beside: others, clock: options.clock)
        }
        try probe.reached(.logMade)
        do throws(LogError) {
            _ = try await log.append(
                AppendRequest([EventDraft(agency: founder, tags: CharterTags.founding, event: charter)]))
        } catch {
            throw ExchangeError(.log, error.reason, log: error)
        }
        try probe.reached(.chartered)
        try founding.finish()
        return try ExchangeLedger(log: log, accessLog: accessLog, keys: keys, state: try fold(log), options)
    }

    /// Checks a founding event before anything is made, and returns who is named as its sender.
    private static func check(
        founding event: [UInt8], origin: String, at time: Timestamp
    ) throws(ExchangeError) -> String {
        guard let root = try? JSONDocument(parsing: event).root, root["type"]?.string == CharterFounding.type,
            let data = root["data"]
        else {
            throw ExchangeError(
                .malformedCharter, "A ledger is founded by a CloudEvent of type \(CharterFounding.type) with its data.")
        }
        let founding = try CharterFounding(data)
        let charter = try Charter(founding: founding, origin: origin, recorded: time)
        for schema in charter.allSchemas() { _ = try EventSchema(schema, personalKinds: charter.personalTagKinds) }
        return founding.amendmentRule.agencies.first ?? ""
    }
}
