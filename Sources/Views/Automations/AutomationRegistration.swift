internal import EventLog
internal import Exchange
internal import JSON
internal import LMDB

/// From when on an automation acts, and from which source: in `DIR/state`, for it is not derivable.
struct AutomationRegistration: Sendable, Hashable {
    /// Nothing follows from events below it.
    let from: Position
    /// What it appends is known by it, whatever sources the charter gives its agency later.
    let source: String

    init(from: Position, source: String) {
        self.from = from
        self.source = source
    }

    fileprivate init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root,
            let from = root["from"]?.integer.flatMap({ Position(exactly: $0) }),
            let source = root["source"]?.string
        else { return nil }
        self.init(from: from, source: source)
    }

    fileprivate var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("from", Int64(from))
            writer.member("source", source)
        }
        return writer.bytes
    }
}

extension ParkedStore {
    /// The registration of an automation; made, durable on return, if there is none.
    func registration(
        of title: String, or new: AutomationRegistration
    ) throws(ViewError) -> AutomationRegistration {
        try wrapping { (files) throws(LMDBError) in
            guard let database = files.automations else { return new }
            var transaction = try files.environment.beginWrite()
            let key = Array(title.utf8)
            if let known = try transaction.value(for: key.span, in: database),
                let registration = AutomationRegistration(known.copied)
            {
                return registration
            }
            let bytes = new.bytes
            try transaction.put(bytes.span, for: key.span, in: database)
            try transaction.commit()
            return new
        }
    }
}
