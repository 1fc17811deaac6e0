internal import EventLog
internal import JSON

/// Reads an object of an event's `data` strictly: what is unknown, missing, too long or of another kind is an error that
/// names its path, and never its value, which may be classified.
struct EventDataReader: Sendable {
    /// The most bytes of a code: of an agency, a role, a purpose, an event type.
    static let codeBytes = 128
    static let nameBytes = 200
    static let pointerBytes = 512

    let object: JSONValue
    /// The path of the object as a JSON Pointer.
    let path: String

    /// Takes an object.
    ///
    /// - Parameters:
    ///   - path: Where it stands.
    ///   - keys: The members it may have.
    ///   - holdsDigests: Whether digests may stand in the place of members that its schema marks.
    /// - Throws: ``ExchangeError`` with code `.eventInvalid`.
    init(
        _ value: JSONValue, at path: String = "", keys: Set<String>, holdsDigests: Bool = false
    ) throws(ExchangeError) {
        object = value
        self.path = path
        guard value.kind == .object else {
            throw ExchangeError(.eventInvalid, "There must be an object.", pointer: path)
        }
        for (key, _) in value.members where !keys.contains(key) {
            if holdsDigests, key == "_sd" || key == "_sd_alg" { continue }
            throw fault("This member is not known here; leave it out.", at: String(key.prefix(64)))
        }
    }

    func has(_ key: String) -> Bool { object[key] != nil }

    /// The object of a member, or nil if there is none.
    func object(_ key: String, keys: Set<String>) throws(ExchangeError) -> EventDataReader? {
        guard let value = object[key] else { return nil }
        return try EventDataReader(value, at: pointer(to: key), keys: keys)
    }

    /// A text of a member, or nil if there is none.
    func text(_ key: String, atMost bytes: Int) throws(ExchangeError) -> String? {
        guard let value = object[key] else { return nil }
        return try text(value, key, atMost: bytes)
    }

    /// A code of a member: letters, digits, `.`, `-`, `_`, `:` and `/`.
    func code(_ key: String) throws(ExchangeError) -> String? {
        guard let value = object[key] else { return nil }
        return try code(value, key)
    }

    /// The codes in an array of a member, without repetitions; nil if there is none, and never empty.
    func codes(_ key: String, atMost count: Int) throws(ExchangeError) -> [String]? {
        try list(key, atMost: count) { (value, at) throws(ExchangeError) in try code(value, at) }
    }

    /// The texts in an array of a member, without repetitions; nil if there is none, and never empty.
    func texts(_ key: String, atMost count: Int, bytes: Int) throws(ExchangeError) -> [String]? {
        try list(key, atMost: count) { (value, at) throws(ExchangeError) in try text(value, at, atMost: bytes) }
    }

    func pointers(_ key: String, atMost count: Int) throws(ExchangeError) -> [String]? {
        try list(key, atMost: count) { (value, at) throws(ExchangeError) in try pointer(value, at) }
    }

    func pointer(_ key: String) throws(ExchangeError) -> String? {
        guard let value = object[key] else { return nil }
        return try pointer(value, key)
    }

    func tags(_ key: String, atMost count: Int) throws(ExchangeError) -> [Tag]? {
        try list(key, atMost: count) { (value, at) throws(ExchangeError) in
            guard let text = value.string, let tag = try? Tag(text) else {
                throw fault("There must be a tag, kind:value, of at most \(Tag.maximumBytes) bytes.", at: at)
            }
            return tag
        }
    }

    func time(_ key: String) throws(ExchangeError) -> Timestamp? {
        guard let value = object[key] else { return nil }
        guard let text = value.string, text.utf8.count <= 64, let time = Timestamp(text) else {
            throw fault("There must be a date and time as RFC 3339 writes them.", at: key)
        }
        return time
    }

    func position(_ key: String) throws(ExchangeError) -> Position? {
        guard let value = object[key] else { return nil }
        return try position(value, key)
    }

    /// A range of positions: an array of the first and the last.
    func range(_ key: String) throws(ExchangeError) -> ClosedRange<Position>? {
        guard let value = object[key] else { return nil }
        return try range(value, key)
    }

    func ranges(_ key: String, atMost count: Int) throws(ExchangeError) -> [ClosedRange<Position>]? {
        try list(key, atMost: count) { (value, at) throws(ExchangeError) in try range(value, at) }
    }

    func bool(_ key: String) throws(ExchangeError) -> Bool? {
        guard let value = object[key] else { return nil }
        guard let bool = value.bool else { throw fault("There must be true or false.", at: key) }
        return bool
    }

    /// One of the words of a type.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String, _: Word.Type = Word.self
    ) throws(ExchangeError) -> Word? where Word.RawValue == String {
        guard let value = object[key] else { return nil }
        return try word(value, key)
    }

    func words<Word: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, _: Word.Type = Word.self
    ) throws(ExchangeError) -> [Word]? where Word.RawValue == String {
        try list(key, atMost: Word.allCases.count) { (value, at) throws(ExchangeError) in try word(value, at) }
    }

    /// The objects in an array of a member; nil if there is none, and never empty.
    func objects(_ key: String, atMost count: Int, keys: Set<String>) throws(ExchangeError) -> [EventDataReader]? {
        try elements(key, atMost: count) { (value, at) throws(ExchangeError) in
            try EventDataReader(value, at: pointer(to: at), keys: keys)
        }
    }

    /// What a member holds, which must be there.
    func required<Value>(_ key: String, _ value: Value?) throws(ExchangeError) -> Value {
        guard let value else { throw fault("This member is missing.", at: key) }
        return value
    }

    func fault(_ reason: String, at key: String) -> ExchangeError {
        ExchangeError(.eventInvalid, reason, pointer: pointer(to: key))
    }
}
