package import EventLog
package import Exchange
internal import JSON
package import Transparency

/// Makes audit reports of a ledger. What is disclosed for a report is in the access log before the report is there.
package struct AuditReportMaker: Sendable {
    private let ledger: ExchangeLedger
    private let signer: NoteSigner
    private let explainer: any DecisionExplaining

    /// - Parameters:
    ///   - signer: The log's key, which signs the checkpoint of the position: the same each time.
    ///   - explainer: Says of decisions why they stood.
    package init(
        of ledger: ExchangeLedger, signer: NoteSigner, explainer: any DecisionExplaining = NamedInputs()
    ) {
        (self.ledger, self.signer, self.explainer) = (ledger, signer, explainer)
    }

    /// Makes a report. What its reader sees is what could be seen at the position and may be seen now; so a grant that comes later
    /// adds nothing, and what is erased or revoked later is there no more.
    ///
    /// - Throws: ``ExchangeError``: `.log` if the position is beyond the head, `.limitExceeded` if more is to be shown than may
    ///   be, `.accessDenied` if the charter does not confirm the reader.
    /// - Complexity: O(*n*) in the entries of the range or the object; memory for what is shown.
    package func report(
        _ question: AuditQuestion, for reader: Reader, progress: (Position, Position) -> Void = { _, _ in }
    ) async throws(ExchangeError) -> AuditReport {
        guard (1...AuditQuestion.most).contains(question.limit) else {
            throw ExchangeError(.limitExceeded, "A report shows 1 to \(AuditQuestion.most) events one by one.")
        }
        guard question.position > 0 else {
            throw ExchangeError(.notFounded, "Below position 0 there is nothing to report on. Give a later position.")
        }
        // Refuses a position beyond the head by its own number.
        let root = try LogAsking.of { () throws(LogError) in try ledger.log.root(atSize: question.position) }
        let last = try LogAsking.of { () throws(LogError) in try ledger.log.entry(at: question.position - 1) }
        var selection = try AuditSelection(
            question, in: ledger, for: reader, asOf: last.recorded, progress: progress)
        var report = try heading(question, reader, root, last.recorded)
        (report.range, report.rest, report.isBesideCut) = (selection.range, selection.rest, selection.isBesideCut)
        if case .period = question.subject { report.stubs = selection.stubs }
        report.events = try await events(at: selection.positions, question, reader, last.recorded)
        for event in try await placed(selection.unplaced, question, reader, last.recorded) {
            selection.count(agency: event.agency, type: event.type, event.recorded)
            report.events.append(event)
        }
        report.events.sort { $0.position < $1.position }
        report.days = selection.days
        report.counts = selection.counts.flatMap { agency, types in
            types.map { AuditReport.Count(agency: agency, type: $0.key, events: $0.value) }
        }.sorted { ($0.agency, $0.type) < ($1.agency, $1.type) }
        Self.relate(&report.events)
        // Those that have ended since have the name that they had then.
        for event in report.events where report.agencies[event.agency] == nil {
            report.agencies[event.agency] = try ledger.charter(asOf: last.recorded)?
                .agency(event.agency, at: event.recorded)?.title
        }
        report.decisions = try await explainer.accounts(of: report.events, in: ledger, for: reader)
        for event in report.events where event.type == AuditSelection.breach {
            if let breach = try breach(event) { report.breaches.append(breach) }
        }
        report.accesses = try await AccessGathering(ledger: ledger, reader: reader).accesses(
            question, report.events.map(\.position))
        return report
    }

    private func heading(
        _ question: AuditQuestion, _ reader: Reader, _ root: MerkleHash, _ time: Timestamp
    ) throws(ExchangeError) -> AuditReport {
        let charter = try ledger.charter(asOf: time)
        var agencies: [String: String] = [:]
        for code in charter?.agencyCodes ?? [] { agencies[code] = charter?.agency(code, at: time)?.title }
        var titles: [String: TypeTitle] = [:]
        for schema in charter?.allSchemas() ?? [] {
            let type = MiningVocabulary.name(ofType: schema.type)
            // Of a type that has a form for each subject, the plain one speaks for all.
            guard titles[type] == nil || !schema.uri.contains("+"),
                let root = (try? JSONDocument(parsing: schema.document))?.root
            else { continue }
            titles[type] = TypeTitle(english: root["title"]?.string ?? type, chinese: root["x-zh"]?.string ?? "")
        }
        return AuditReport(
            question: question, reader: reader,
            kind: reader.agency.flatMap { charter?.agency($0, at: time)?.kind } ?? reader.kind,
            origin: ledger.log.verifier.name,
            checkpoint: try checkpoint(question.position, root), root: root, time: time, charter: charter?.position,
            agencies: agencies, titles: titles)
    }

    /// The checkpoint of the log at a size, signed by its key.
    private func checkpoint(_ size: Position, _ root: MerkleHash) throws(ExchangeError) -> SignedNote {
        do throws(NoteError) {
            return try signer.sign(
                Checkpoint(origin: signer.verifier.name, size: size, root: root).description)
        } catch {
            throw ExchangeError(.log, "The checkpoint of position \(size) cannot be signed: \(error)")
        }
    }

    private func events(
        at positions: [Position], _ question: AuditQuestion, _ reader: Reader, _ time: Timestamp
    ) async throws(ExchangeError) -> [AuditedEvent] {
        guard !positions.isEmpty else { return [] }
        return try await ledger.proved(
            at: positions, inTreeOfSize: question.position, for: reader, asOf: time
        ).compactMap { AuditedEvent($0) }
    }

    /// Says of corrections what they correct, and of what was corrected by what.
    private static func relate(_ events: inout [AuditedEvent]) {
        var known: [String: [Int]] = [:]
        for index in events.indices {
            if events[index].type == "record.corrected", let id = events[index].data?["event"]?.string {
                let source = events[index].data?["source"]?.string
                for earlier in known[id] ?? []
                where events[earlier].agency == events[index].agency
                    && (source == nil || events[earlier].source == source)
                {
                    events[index].corrects.append(events[earlier].position)
                    events[earlier].correctedBy.append(events[index].position)
                }
            }
            known[events[index].id, default: []].append(index)
        }
    }

    /// Of breaches those at the port that is asked for: of the declaration that they are about.
    private func placed(
        _ positions: [Position], _ question: AuditQuestion, _ reader: Reader, _ time: Timestamp
    ) async throws(ExchangeError) -> [AuditedEvent] {
        guard case .period(_, _, let port?) = question.subject else { return [] }
        var ports = PortOfEvents(ledger: ledger, reader: reader, end: question.position)
        var placed: [AuditedEvent] = []
        for event in try await events(at: positions, question, reader, time) {
            guard try ports.port(ofObject: event.data?["object"]?.string ?? "") == port else { continue }
            placed.append(event)
        }
        return placed
    }

    /// What an event tells of a breach; nil if its data are not disclosed.
    private func breach(_ event: AuditedEvent) throws(ExchangeError) -> AuditReport.Breach? {
        guard let data = event.data, let rule = data["rule"]?.string else { return nil }
        var cause: Position?
        if let source = data["cause"]?["source"]?.string, let id = data["cause"]?["id"]?.string {
            let found = try LogAsking.of { () throws(LogError) in
                try ledger.log.entries(of: [EventIdentity(source: source, id: id)])
            }
            cause = found[0]?.position
        }
        return AuditReport.Breach(
            position: event.position, recorded: event.recorded, rule: rule, object: data["object"]?.string ?? "",
            cause: cause,
            against: (data["against"]?.elements ?? []).compactMap { $0.integer.map { Position($0.magnitude) } })
    }
}
