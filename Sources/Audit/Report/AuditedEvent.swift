package import EventLog
package import Exchange
package import JSON
package import Transparency

/// An event in an audit report: what its reader sees of it, and the proof that it is in the log.
package struct AuditedEvent: Sendable {
    package let position: Position
    package let recorded: Timestamp
    /// When it happened, if it says so.
    package let occurred: Timestamp?
    package let agency: String
    /// Without `sanhu.`.
    package let type: String
    package let id: String
    package let source: String
    package let schema: String?
    package let tags: [Tag]
    /// The event with what is disclosed in its place.
    package let event: JSONValue
    package let withheld: [SeenEntry.Withheld]
    package let gone: [SeenEntry.Gone]
    package let leaf: MerkleHash
    package let proof: [MerkleHash]
    /// Its line of a verifiable read.
    package let line: [UInt8]
    /// The positions of the corrections that name it, and of what it corrects, among the events shown.
    package internal(set) var correctedBy: [Position] = []
    package internal(set) var corrects: [Position] = []

    /// When it happened, as far as is known.
    package var moment: Timestamp { occurred ?? recorded }

    /// The members of the event's data; nil if it has none.
    package var data: JSONValue? { event["data"] }

    /// - Returns: nil for a stub, of which there is nothing to say.
    init?(_ entry: ProvedEntry) {
        guard case .entry(let seen) = entry.seen, let document = try? JSONDocument(parsing: seen.event),
            let type = document.root["type"]?.string
        else { return nil }
        (position, recorded, agency, tags) = (seen.position, seen.recorded, seen.agency, seen.tags)
        (withheld, gone) = (seen.withheld, seen.gone)
        event = document.root
        self.type = MiningVocabulary.name(ofType: type)
        id = event["id"]?.string ?? ""
        source = event["source"]?.string ?? ""
        schema = event["dataschema"]?.string
        occurred = event["time"]?.string.flatMap { Timestamp($0) }
        (leaf, proof, line) = (entry.leaf, entry.proof, entry.line)
    }
}
