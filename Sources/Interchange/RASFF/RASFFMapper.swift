import EventLog
import JSON

/// Maps a notification to what happened: an authority alerted others, and asked some of them to follow it up.
///
/// | of the row | becomes |
/// |---|---|
/// | reference | subject and tag `notification:` of all its events, and their ids |
/// | notifying country | who appends it, and the source `/rasff/CODE` |
/// | distribution, forAttention, forFollowUp | tags `agency:` of the alert, each authority once |
/// | forFollowUp | `asked` and tags `agency:` of `sanhu.assistance.requested`, which the alert caused |
/// | all of it | the data of the alert |
///
/// A row of a reference that was there before is `sanhu.alert.amended`: the whole content anew, with the names of what
/// differs from the first row in `changed`, caused by the first. It asks those to follow up whom the first did not ask.
/// All of this depends on these two rows alone, so importing again gives the same bytes.
struct RASFFMapper {
    /// What is kept of the first row of a reference.
    struct First {
        let line: Int
        let notifier: RASFFAuthority
        let fingerprint: [UInt64]
        let asked: Set<RASFFAuthority>

        init(_ notification: RASFFNotification) {
            line = notification.line
            notifier = notification.notifier
            fingerprint = notification.fingerprint
            asked = Set(notification.forFollowUp)
        }
    }

    typealias Mapped = (type: EventType, id: String, draft: EventDraft)

    /// The events of a row.
    ///
    /// - Parameter first: The first row of the same reference, or nil if this is it.
    /// - Throws: ``Refusal`` if it cannot be what the first row says, names more authorities than an event has tags, or is
    ///   over a limit.
    func events(of row: RASFFNotification, after first: First?) throws(Refusal) -> [Mapped] {
        if let first, first.notifier != row.notifier {
            throw Refusal(
                "is notified by \(row.notifier.name), but its reference is a notification of \(first.notifier.name) in "
                    + "line \(first.line)", line: row.line)
        }
        let changed = first.map { changes(in: row, since: $0) } ?? []
        let (type, suffix): (EventType, String) =
            changed.isEmpty ? (.alertNotified, "") : (.alertAmended, "/" + discriminator(of: row))
        let cause = changed.isEmpty ? nil : id(.alertNotified, row, "")
        var data = DataRecord()
        for (key, value) in row.content { if let value { data.set(key, value) } }
        data.set("changed", changed)
        let alert = try event(type, row, suffix, causedBy: cause, addressedTo: row.addressees, data)
        let asked = changed.isEmpty ? row.forFollowUp : row.forFollowUp.filter { !(first?.asked.contains($0) ?? false) }
        guard !asked.isEmpty else { return [alert] }
        var request = DataRecord()
        request.set("kind", "unsafe-products")
        request.set("asked", asked.map(\.code))
        request.set("objects", ["notification:" + row.reference])
        request.set("case", row.reference)
        return [alert, try event(.assistanceRequested, row, suffix, causedBy: alert.id, addressedTo: asked, request)]
    }

    private func changes(in row: RASFFNotification, since first: First) -> [String] {
        zip(row.content, zip(row.fingerprint, first.fingerprint)).filter { $1.0 != $1.1 }.map(\.0.key)
    }

    private func discriminator(of row: RASFFNotification) -> String {
        var hash = StableHash()
        for part in row.fingerprint { hash.combine(String(part, radix: 16)) }
        return hash.text
    }

    private func id(_ type: EventType, _ row: RASFFNotification, _ suffix: String) -> String {
        type.rawValue + "/" + row.reference + suffix
    }

    private func event(
        _ type: EventType, _ row: RASFFNotification, _ suffix: String, causedBy cause: String?,
        addressedTo authorities: [RASFFAuthority], _ data: DataRecord
    ) throws(Refusal) -> Mapped {
        guard authorities.count < EventLimits.tags else {
            throw Refusal(
                "is addressed to \(authorities.count) authorities, over the limit of \(EventLimits.tags - 1)",
                line: row.line)
        }
        var tags = TagCollector()
        tags.add(.notification, row.reference)
        for authority in authorities { tags.add(.agency, authority.code) }
        let producer = Producer(agency: row.notifier.code, source: "/rasff/" + row.notifier.code)
        let composer = EventComposer(
            template: EventTemplate(producer: producer, type: type), id: id(type, row, suffix),
            subject: "notification:" + row.reference, time: row.time, causation: cause)
        return (type, composer.id, try composer.draft(tags: tags.tags, data: data))
    }
}
