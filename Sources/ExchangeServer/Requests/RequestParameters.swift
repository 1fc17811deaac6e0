internal import EventLog
internal import ExchangeProtocol

/// The parameters of a request's query, each taken once: what is left over in the end was not known, and is refused.
struct RequestParameters {
    /// The most of them, and the most bytes of all.
    static let maximum = 512
    static let maximumBytes = 64 << 10

    private var values: [(name: String, value: String)] = []
    /// Those that are documented; what is not documented cannot be taken.
    private let names: Set<String>

    /// Reads the part of a target after its question mark: `name=value` joined by `&`, percent-encoded UTF-8, a plus for a
    /// space.
    init(_ query: Substring, names: Set<String>) throws(Problem) {
        self.names = names
        guard query.utf8.count <= Self.maximumBytes else {
            throw Self.bad("The query has more than \(Self.maximumBytes) bytes.")
        }
        guard !query.isEmpty else { return }
        let pairs = query.split(separator: "&", omittingEmptySubsequences: true)
        guard pairs.count <= Self.maximum else { throw Self.bad("There are more than \(Self.maximum) parameters.") }
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw Self.bad("A parameter is not percent-encoded UTF-8.") }
            values.append((name, value))
        }
    }

    /// Takes all values of a parameter.
    mutating func all(_ name: String) -> [String] {
        assert(names.contains(name), "the parameter \(name) is not documented")
        let found = values.filter { $0.name == name }.map(\.value)
        if !found.isEmpty { values.removeAll { $0.name == name } }
        return found
    }

    /// How often a parameter may be given.
    static let maximumRepeats = 64

    /// Takes all values of a parameter, of which there are so many at the most.
    mutating func several(_ name: String, atMost count: Int = maximumRepeats) throws(Problem) -> [String] {
        let found = all(name)
        guard found.count <= count else { throw Self.bad("“\(name)” is given more than \(count) times.") }
        return found
    }

    /// Takes the one value of a parameter, if it is there.
    mutating func one(_ name: String) throws(Problem) -> String? {
        let found = all(name)
        guard found.count <= 1 else { throw Self.bad("“\(name)” is given more than once.") }
        return found.first
    }

    /// The largest number: what JSON holds without loss.
    static let maximumNumber: UInt64 = 9_007_199_254_740_991
    /// The most characters of a text that is looked for, by their code points.
    static let textLength = 200

    /// Takes a text that is looked for.
    mutating func text(_ name: String, atMost length: Int = textLength) throws(Problem) -> String? {
        guard let text = try one(name) else { return nil }
        guard text.unicodeScalars.count <= length else {
            throw Self.bad("“\(name)” has at most \(length) characters.")
        }
        return text
    }

    /// Takes a whole number.
    mutating func number(_ name: String, _ range: ClosedRange<UInt64> = 0...maximumNumber) throws(Problem) -> UInt64? {
        guard let text = try one(name) else { return nil }
        // UInt64 would also take a sign.
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt64(text),
            range.contains(number)
        else { throw Self.bad("“\(name)” is a whole number from \(range.lowerBound) to \(range.upperBound).") }
        return number
    }

    /// Takes a flag: `true`, `false`, or nothing, which is true.
    mutating func flag(_ name: String) throws(Problem) -> Bool {
        switch try one(name) {
        case nil, "false": false
        case "true", "": true
        default: throw Self.bad("“\(name)” is true or false.")
        }
    }

    /// Takes a time (RFC 3339).
    mutating func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = try one(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw Self.bad("“\(name)” is a time like 2026-03-01T08:15:00+08:00, its plus written %2B.")
        }
        return time
    }

    /// Takes tags.
    mutating func tags(_ name: String, atMost count: Int = maximumRepeats) throws(Problem) -> [Tag] {
        var tags: [Tag] = []
        for text in try several(name, atMost: count) {
            do throws(LogError) {
                tags.append(try Tag(text))
            } catch {
                throw Problem(error)
            }
        }
        return tags
    }

    /// Refuses what was not taken: a misspelt filter would else give more than was asked for.
    func end() throws(Problem) {
        guard let stranger = values.first else { return }
        throw Self.bad("There is no parameter “\(stranger.name.prefix(64))” here.")
    }

    static func bad(_ detail: String) -> Problem {
        Problem(400, "badParameter", "A parameter is malformed", detail)
    }
}
