internal import EventLog
internal import Exchange
internal import JSON

/// Something that is to be appended, now or when its time has come, and why.
struct PendingAppend: Sendable, Hashable {
    /// The event from which it follows, and where that stands.
    let cause: EventIdentity
    let position: Position
    /// Its number among what follows from that event.
    let ordinal: Int
    let object: Tag
    /// When it is due; nil if it is at once.
    let due: Timestamp?
    let appending: Automation.Appending
    /// The name of a proposal; nil if it is none.
    var name: String?
    /// Whether it is a proposal that was refused otherwise than by a rule, and waits for somebody to mend that. It stays among
    /// the proposals, so that it is replaced and taken away like any.
    var isHeld = false

    /// What the event is known by that an automation appends for it.
    func identity(_ automation: String, source: String) -> EventIdentity {
        EventIdentity(
            source: source,
            id: ExchangeLedger.derivedID([automation, cause.source, cause.id, String(ordinal)]))
    }
}

extension PendingAppend {
    init(
        cause: EventIdentity, position: Position, ordinal: Int, object: Tag, due: Timestamp? = nil,
        _ appending: Automation.Appending, name: String? = nil
    ) {
        self.init(
            cause: cause, position: position, ordinal: ordinal, object: object, due: due, appending: appending,
            name: name)
    }

    /// - Returns: nil if it is none.
    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root, let source = root["source"]?.string,
            let id = root["id"]?.string, let position = root["position"]?.integer.flatMap({ Position(exactly: $0) }),
            let ordinal = root["ordinal"]?.integer.flatMap({ Int(exactly: $0) }),
            let object = root["object"]?.string.flatMap({ try? Tag($0) }),
            let type = root["type"]?.string, let data = root["data"]
        else { return nil }
        let tags = (root["tags"]?.elements ?? []).compactMap { $0.string.flatMap { try? Tag($0) } }
        self.init(
            cause: EventIdentity(source: source, id: id), position: position, ordinal: ordinal,
            object: object, due: root["due"]?.integer.map { Timestamp(microseconds: $0) },
            Automation.Appending(type: type, data: Array(data.text), tags: tags), name: root["name"]?.string)
        isHeld = root["held"]?.bool ?? false
    }

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("source", cause.source)
            writer.member("id", cause.id)
            writer.member("position", Int64(position))
            writer.member("ordinal", Int64(ordinal))
            writer.member("object", object.text)
            if let due { writer.member("due", due.microseconds) }
            if let name { writer.member("name", name) }
            if isHeld {
                writer.key("held")
                writer.bool(true)
            }
            writer.member("type", appending.type)
            writer.key("data")
            writer.raw(appending.data)
            writer.key("tags")
            writer.array { writer in
                for tag in appending.tags { writer.string(tag.text) }
            }
        }
        return writer.bytes
    }
}
