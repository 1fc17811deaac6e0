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
    /// The registration of an automation; made, durable on return, if there is none. Another version has the source of those
    /// before it: by another one it would do again what they did.
    func registration(
        of automation: Automation, or new: AutomationRegistration
    ) throws(ViewError) -> AutomationRegistration {
        try wrapping { (files) throws(LMDBError) in
            guard let database = files.automations else { return new }
            let versions = try Self.registrations(of: automation.name, in: database, files.environment)
            if let known = versions[automation.title] { return known }
            let former = versions.min { $0.value.from < $1.value.from }?.value
            let new = AutomationRegistration(from: new.from, source: former?.source ?? new.source)
            var transaction = try files.environment.beginWrite()
            let key = Array(automation.title.utf8)
            let bytes = new.bytes
            try transaction.put(bytes.span, for: key.span, in: database)
            try transaction.commit()
            return new
        }
    }

    /// What is registered of all versions of an automation, by their titles.
    private static func registrations(
        of name: String, in database: LMDBDatabase, _ environment: LMDBEnvironment
    ) throws(LMDBError) -> [String: AutomationRegistration] {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(over: database)
        var versions: [String: AutomationRegistration] = [:]
        let prefix = Array("\(name).".utf8)
        var found = try cursor.move(toOrAfter: prefix.span)
        while found {
            let key = cursor.key.copied
            guard key.starts(with: prefix) else { break }
            versions[String(decoding: key, as: UTF8.self)] = AutomationRegistration(cursor.value.copied)
            found = try cursor.moveToNext()
        }
        return versions
    }
}
