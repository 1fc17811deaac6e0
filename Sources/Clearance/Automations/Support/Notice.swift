internal import EventLog
internal import JSON
internal import Views

/// A notice (`notice.issued`, 通知): somebody is told of something that is in the log.
struct Notice: Sendable, Hashable {
    /// What it is known by. The first letter says which automation issues it.
    let id: String
    let cause: Cause
    let outcome: String
    var declaration: String?
    var recipients: [String]
    var enterprises: [String] = []
    var isToBeAcknowledged = false

    var appending: Automation.Appending {
        Automation.Appending("notice.issued") { writer in
            writer.member("notice", id)
            writer.member("declaration", ifAny: declaration)
            writer.key("event")
            writer.object { writer in
                writer.member("source", cause.identity.source)
                writer.member("id", cause.identity.id)
            }
            writer.member("type", cause.type)
            writer.member("agency", cause.agency)
            writer.member("outcome", outcome)
            writer.list("recipients", ifAny: recipients.unique)
            writer.list("enterprises", ifAny: enterprises)
            writer.member("decidedAt", cause.recorded.description)
            writer.member("acknowledge", isToBeAcknowledged)
        }
    }
}

extension Array where Element: Hashable {
    /// Each once, in the order in which they come.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
