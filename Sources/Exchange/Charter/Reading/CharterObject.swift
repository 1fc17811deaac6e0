import EventLog
import JSON
import Transparency

/// An object of the charter while it is read: it has the members it may have and no other, and every fault is told with
/// the JSON Pointer of its place.
struct CharterObject {
    let value: JSONValue
    let pointer: String
    private let members: [String: JSONValue]

    /// - Parameter known: The members it may have, in ASCII.
    init(_ value: JSONValue, at pointer: String, _ known: Set<String>) throws(ExchangeError) {
        guard value.kind == .object else { throw Self.malformed(pointer, "must be an object") }
        var members: [String: JSONValue] = [:]
        for (key, member) in value.members {
            // The set compares as Unicode does; the bytes must be the same too.
            guard known.contains(key), key.utf8.allSatisfy({ $0 < 0x80 }) else {
                throw Self.malformed(
                    pointer + Self.token(key.prefix(64)), "is no member that may stand here: leave it out")
            }
            members[key] = member
        }
        self.value = value
        self.pointer = pointer
        self.members = members
    }

    subscript(name: String) -> JSONValue? { members[name] }

    func path(_ name: String) -> String { pointer + Self.token(name) }

    private static func token(_ name: some StringProtocol) -> String {
        JSONPointer(tokens: [String(name)]).description
    }

    static func malformed(_ pointer: String, _ fault: String) -> ExchangeError {
        ExchangeError(
            .malformedCharter, "\(pointer.isEmpty ? "The charter's data" : "“\(pointer)” of the charter") \(fault).",
            pointer: pointer)
    }

    static func tooMany(_ pointer: String, _ limit: Int) -> ExchangeError {
        ExchangeError(
            .limitExceeded, "“\(pointer)” of the charter has more than \(limit) elements; a charter has no more there.",
            pointer: pointer)
    }

    func required(_ name: String) throws(ExchangeError) -> JSONValue {
        guard let value = members[name] else { throw Self.malformed(path(name), "is missing") }
        return value
    }

    func text(_ name: String, _ form: NameForm) throws(ExchangeError) -> String {
        try Self.text(required(name), at: path(name), form)
    }

    func optionalText(_ name: String, _ form: NameForm) throws(ExchangeError) -> String? {
        guard let value = members[name] else { return nil }
        return try Self.text(value, at: path(name), form)
    }

    private static func text(
        _ value: JSONValue, at pointer: String, _ form: NameForm
    ) throws(ExchangeError) -> String {
        guard let text = value.string, form.accepts(text) else {
            throw malformed(pointer, "must be \(form.description)")
        }
        return text
    }

    /// A list of texts, each once; empty if the member is absent.
    func texts(
        _ name: String, _ form: NameForm, atMost limit: Int, atLeast least: Int = 0
    ) throws(ExchangeError) -> [String] {
        var texts: [String] = []
        var seen: Set<CharterPartName> = []
        for (element, pointer) in try elements(name, atMost: limit) {
            let text = try Self.text(element, at: pointer, form)
            guard seen.insert(CharterPartName(text)).inserted else {
                throw Self.malformed(pointer, "repeats “\(text)”: name it once")
            }
            texts.append(text)
        }
        guard texts.count >= least else { throw Self.malformed(path(name), "must name at least \(least)") }
        return texts
    }

    /// A text that is one of some words.
    func word<Word: RawRepresentable<String>>(
        _ name: String, _ type: Word.Type, of words: [Word]
    ) throws(ExchangeError) -> Word {
        try Self.word(required(name), at: path(name), of: words)
    }

    /// A list of such words, each once; empty if the member is absent.
    func words<Word: RawRepresentable<String> & Hashable>(
        _ name: String, _ type: Word.Type, of words: [Word]
    ) throws(ExchangeError) -> [Word] {
        var found: [Word] = []
        for (element, pointer) in try elements(name, atMost: words.count) {
            let word = try Self.word(element, at: pointer, of: words)
            guard !found.contains(word) else { throw Self.malformed(pointer, "repeats “\(word.rawValue)”") }
            found.append(word)
        }
        return found
    }

    private static func word<Word: RawRepresentable<String>>(
        _ value: JSONValue, at pointer: String, of words: [Word]
    ) throws(ExchangeError) -> Word {
        if let text = value.string,
            let word = words.first(where: { $0.rawValue.utf8.elementsEqual(text.utf8) })
        {
            return word
        }
        throw malformed(pointer, "must be one of \(words.map(\.rawValue).joined(separator: ", "))")
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(ExchangeError) -> Int {
        guard let integer = try required(name).integer, range.contains(Int(integer)) else {
            throw Self.malformed(path(name), "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(integer)
    }

    func bool(_ name: String) throws(ExchangeError) -> Bool? {
        guard let value = members[name] else { return nil }
        guard let bool = value.bool else { throw Self.malformed(path(name), "must be true or false") }
        return bool
    }

    func time(_ name: String) throws(ExchangeError) -> Timestamp? {
        guard let value = members[name] else { return nil }
        guard let time = value.string.flatMap({ Timestamp($0) }) else {
            throw Self.malformed(path(name), "must be an RFC 3339 date and time, such as 2018-04-20T00:00:00+08:00")
        }
        return time
    }

    /// The member `validity`; since ever and without an end if it is absent.
    func validity() throws(ExchangeError) -> Validity {
        guard let value = members["validity"] else { return Validity() }
        let object = try CharterObject(value, at: path("validity"), ["from", "to"])
        let validity = Validity(from: try object.time("from"), to: try object.time("to"))
        if let from = validity.from, let to = validity.to, to < from {
            throw Self.malformed(object.path("to"), "is before its beginning")
        }
        return validity
    }

    /// Bytes of a fixed number in base64.
    func bytes(_ name: String, count: Int) throws(ExchangeError) -> [UInt8] {
        guard let bytes = try required(name).string.flatMap({ Base64.decode($0) }), bytes.count == count else {
            throw Self.malformed(path(name), "must be \(count) bytes in base64 (RFC 4648, section 4)")
        }
        return bytes
    }

    /// The elements of a list and their pointers; none if the member is absent.
    func elements(_ name: String, atMost limit: Int) throws(ExchangeError) -> [(value: JSONValue, pointer: String)] {
        guard let value = members[name] else { return [] }
        guard value.kind == .array else { throw Self.malformed(path(name), "must be an array") }
        let elements = value.elements
        guard elements.count <= limit else { throw Self.tooMany(path(name), limit) }
        return elements.enumerated().map { ($0.element, "\(path(name))/\($0.offset)") }
    }
}
