internal import EventLog
internal import JSON
internal import Views

extension Automation.Appending {
    /// What is appended, its data written member by member.
    init(_ type: String, tags: [Tag] = [], _ members: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.object { members(&$0) }
        self.init(type: "sanhu." + type, data: writer.bytes, tags: tags)
    }
}

extension Timestamp {
    func adding(minutes: Int64) -> Timestamp { Timestamp(microseconds: microseconds + minutes * 60_000_000) }
}

extension LedgerEvent {
    /// A member of its data that is a time.
    func time(_ name: String) -> Timestamp? { text(name).flatMap { Timestamp($0) } }

    /// Whether a declaration is withdrawn by it: to ask for it, or to refuse it, is no withdrawal.
    var isWithdrawal: Bool {
        guard type == CaseEvent.declarationWithdrawn.type else { return false }
        return text("stage") == "completed" || text("stage") == "decided" && text("decision") == "granted"
    }

    /// Whether it corrects an event: one of its own agency, or of one that has become it.
    func corrects(_ event: EventIdentity, of other: String) -> Bool {
        guard type == CaseEvent.recordCorrected.type, isOf(other), text("event").map(event.id.isSame) ?? false else {
            return false
        }
        return text("source").map(event.source.isSame) ?? true
    }
}

extension JSONValue {
    /// A member that is a text.
    func text(_ name: String) -> String? { self[name]?.string }

    /// A member that is an array of texts; of anything else none.
    func texts(_ name: String) -> [String] { self[name]?.elements.compactMap(\.string) ?? [] }

    /// A member that is a time in microseconds.
    func time(_ name: String) -> Timestamp? { self[name]?.integer.map { Timestamp(microseconds: $0) } }
}

extension JSONWriter {
    /// Writes a time for files of its own: microseconds.
    mutating func member(_ key: String, ifAny time: Timestamp?) {
        if let time { member(key, time.microseconds) }
    }

    /// Writes texts, if there are any.
    mutating func list(_ key: String, ifAny texts: [String]) {
        if !texts.isEmpty { list(key, texts) }
    }
}
