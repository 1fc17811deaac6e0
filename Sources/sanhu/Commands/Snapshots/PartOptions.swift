import ArgumentParser
import EventLog
import Exchange
import ExchangeProtocol
import Snapshots

/// Which part of a log a snapshot is of, and for whom.
struct PartOptions: ParsableArguments {
    @OptionGroup var match: MatchOptions

    @Option(name: .long, help: "Only what this agency appended.")
    var agency: String?

    @Option(name: .long, help: "Only what concerns this port: entries that name it, and their declarations'.")
    var port: String?

    @Option(name: .long, help: "The first position.")
    var from: Position?

    @Option(name: .long, help: "The position after the last.")
    var to: Position?

    @Option(name: .customLong("recorded-from"), help: "Only what was recorded at this time or after it (RFC 3339).")
    var recordedFrom: String?

    @Option(name: .customLong("recorded-to"), help: "Only what was recorded before this time (RFC 3339).")
    var recordedTo: String?

    @Option(name: .customLong("as"), help: "For this agency, or `public`: only what it may see. It is recorded.")
    var recipient: String?

    @Option(name: .long, help: "… in this role.")
    var role: String?

    @Option(name: .long, help: "… for this purpose, by its code.")
    var purpose: String?

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    func validate() throws {
        guard recipient == nil else { return }
        if role != nil || purpose != nil || caseName != nil {
            throw ValidationError("--role, --purpose and --case go with --as.")
        }
    }

    /// Whether anything restricts what is exported.
    var isGiven: Bool {
        !match.type.isEmpty || !match.tag.isEmpty || agency != nil || port != nil || from != nil || to != nil
            || recordedFrom != nil || recordedTo != nil || recipient != nil
    }

    var reader: Reader? {
        guard let recipient else { return nil }
        return recipient == "public"
            ? .public : Reader(member: recipient, role: role, purpose: purpose, caseName: caseName)
    }

    /// The part of a log.
    func part(of log: Log) throws -> SnapshotPart {
        let head = try log.head
        var part = SnapshotPart(from: from ?? 0, to: min(to ?? head, head), agency: agency, port: port)
        if let recordedFrom {
            part.from = max(part.from, try log.position(recordedAtOrAfter: TimeText.time(recordedFrom)))
        }
        if let recordedTo {
            part.to = min(part.to, try log.position(recordedAtOrAfter: TimeText.time(recordedTo)))
        }
        guard part.from <= head else {
            throw ValidationError("The log has \(head) entries; it has none from position \(part.from) on.")
        }
        part.to = max(part.from, part.to)
        part.query = Query(types: match.type, tags: try match.tag.map { try Tag($0) })
        return part
    }
}
