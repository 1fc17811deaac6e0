package import EventLog
internal import Exchange
internal import JSON
package import Transparency

/// What an audit report was found to prove.
package struct VerifiedAuditReport: Sendable, Hashable {
    package let origin: String
    package let position: Position
    package let entries: Int
    package let disclosures: UInt64
}

/// Why an audit report does not hold.
package struct AuditReportFault: Error, Sendable, Hashable, CustomStringConvertible {
    package let reason: String

    package var description: String { reason }
}

/// Verifies an audit report in JSON with the log's public key and nothing else: that its checkpoint is signed, that each entry shown
/// is in the log of that checkpoint and what is disclosed of it is what was sealed, and that the events of the report are these.
package struct AuditReportVerifier: Sendable {
    /// The longest report that is read, in bytes.
    package static let maximumBytes = 256 << 20

    private let key: NoteVerifier

    package init(key: NoteVerifier) {
        self.key = key
    }

    /// - Throws: ``AuditReportFault``.
    /// - Complexity: O(*n*) in the bytes; a signature is verified for each entry.
    package func verify(_ report: [UInt8]) throws(AuditReportFault) -> VerifiedAuditReport {
        let limits = JSONParser.Limits(maximumBytes: Self.maximumBytes, maximumDepth: 128)
        guard let root = (try? JSONDocument(parsing: report, limits: limits))?.root,
            root["auditReport"]?.integer == AuditReport.version, let origin = root["origin"]?.string,
            let note = root["checkpoint"]?.string, let position = root["position"]?.integer, position >= 0,
            let events = root["events"]?.elements, let entries = root["entries"]?.elements
        else { throw AuditReportFault(reason: "This is no audit report as `sanhu audit-report --json` writes them.") }
        let checkpoint: Checkpoint
        do throws(NoteError) {
            checkpoint = try Checkpoint(SignedNote(note), verifiedBy: key)
        } catch {
            throw AuditReportFault(reason: "The checkpoint does not hold: \(error)")
        }
        guard checkpoint.origin == origin, checkpoint.size == UInt64(position),
            root["root"]?.string == checkpoint.root.base64
        else { throw AuditReportFault(reason: "Origin, position or root are not those of the checkpoint.") }
        guard events.count == entries.count else {
            throw AuditReportFault(reason: "There are \(events.count) events and \(entries.count) entries.")
        }
        var disclosures: UInt64 = 0
        var last: Int64 = -1
        for (event, entry) in zip(events, entries) {
            guard let place = event["position"]?.integer, place > last else {
                throw AuditReportFault(reason: "The events are not in the order of positions, each there once.")
            }
            last = place
            disclosures += try verify(Array(entry.text), event, origin, note)
        }
        return VerifiedAuditReport(
            origin: origin, position: UInt64(position), entries: entries.count, disclosures: disclosures)
    }

    /// Verifies an entry as an answer of its own, and that the event is of it.
    private func verify(
        _ line: [UInt8], _ event: JSONValue, _ origin: String, _ note: String
    ) throws(AuditReportFault) -> UInt64 {
        guard let place = event["position"]?.integer, place >= 0 else {
            throw AuditReportFault(reason: "An event has no position.")
        }
        var heading = JSONWriter()
        heading.object { writer in
            writer.member("verifiable", 1)
            writer.member("origin", origin)
            writer.member("from", place)
            writer.member("to", place + 1)
            writer.member("checkpoint", note)
        }
        let ending = Array("{\"end\":{\"from\":\(place),\"to\":\(place + 1),\"entries\":1}}".utf8)
        var verifier = ReadVerifier(key: key)
        let (verified, disclosures): (VerifiedEntry?, UInt64)
        do throws(ReadVerificationError) {
            _ = try verifier.take(heading.bytes)
            verified = try verifier.take(line)
            _ = try verifier.take(ending)
            disclosures = try verifier.finish().disclosures
        } catch {
            throw AuditReportFault(reason: "Position \(place) does not hold: \(error)")
        }
        guard case .entry(let seen) = verified?.seen, Self.isSaid(event, seen, verified?.leaf) else {
            throw AuditReportFault(reason: "What the report says of position \(place) is not what the entry says.")
        }
        return disclosures
    }

    private static func isSaid(_ event: JSONValue, _ seen: SeenEntry.Event, _ leaf: MerkleHash?) -> Bool {
        guard let document = try? JSONDocument(parsing: seen.event), let type = document.root["type"]?.string else {
            return false
        }
        let occurred = document.root["time"]?.string.flatMap { Timestamp($0) }?.description
        return event["recorded"]?.string == seen.recorded.description && event["agency"]?.string == seen.agency
            && event["type"]?.string == MiningVocabulary.name(ofType: type) && event["leaf"]?.string == leaf?.base64
            && event["occurred"]?.string == occurred
    }
}
