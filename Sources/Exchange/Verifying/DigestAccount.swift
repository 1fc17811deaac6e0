internal import EventLog
internal import JSON
internal import SelectiveDisclosure

/// Accounts for the digests of an event that were not disclosed: for each there must be one path in the lists of what is not
/// disclosed, and for each path a digest, or a path around it, within whose value nobody sees.
struct DigestAccount {
    private static let data = "data"

    /// The way from the event to what paths begin at: the data, which are wrapped where they are sealed as a whole.
    private let root: JSONPointer
    /// By object, how many of its digests are not disclosed and not accounted for.
    private var objects: [JSONPointer: Int] = [:]
    /// The same of arrays, element by element.
    private var elements: Set<JSONPointer> = []
    private var arrays: Set<JSONPointer> = []
    private var paths: Set<JSONPointer> = []
    /// Paths for which no digest can be seen.
    private var hidden: [JSONPointer] = []

    /// Takes the digests.
    ///
    /// - Throws: ``ReadVerificationError`` with code `.unaccountedDigest` if one stands where no field can be.
    init(_ digests: [EmbeddedDigest], isSealedWhole: Bool) throws(ReadVerificationError) {
        root = JSONPointer(tokens: isSealedWhole ? [Self.data, Self.data] : [Self.data])
        for digest in digests {
            let tokens = digest.pointer.tokens
            let isElement = tokens.last == "..."
            let place = JSONPointer(tokens: Array(tokens.dropLast(isElement ? 1 : 2)))
            guard isWithinRoot(place) || isSealedWhole && !isElement && place.tokens == [Self.data] else {
                throw ReadVerificationError(
                    .unaccountedDigest, "There is a digest at “\(digest.pointer)”, outside what can be sealed.")
            }
            if isElement {
                arrays.insert(JSONPointer(tokens: Array(place.tokens.dropLast())))
                if digest.disclosure == nil { elements.insert(place) }
            } else {
                objects[place, default: 0] += digest.disclosure == nil ? 1 : 0
            }
        }
    }

    private func isWithinRoot(_ place: JSONPointer) -> Bool {
        JSONPointer(tokens: Array(place.tokens.prefix(root.tokens.count))) == root
    }

    /// Accounts for a digest by the path of what it stands for.
    ///
    /// - Parameter merged: The event with what was disclosed in it.
    /// - Throws: ``ReadVerificationError`` with code `.unfoundedPath`.
    mutating func settle(_ path: String, in merged: JSONDocument) throws(ReadVerificationError) {
        guard let pointer = JSONPointer(path) else { throw Self.unfounded(path, "it is no JSON Pointer") }
        // The empty path is the data of an event that is sealed as a whole, the one member of its `data`.
        let place = JSONPointer(tokens: root.tokens + pointer.tokens)
        let host = JSONPointer(tokens: Array(place.tokens.dropLast()))
        guard pointer.tokens.count > 0 || root.tokens.count > 1 else {
            throw Self.unfounded(path, "the event is not sealed as a whole")
        }
        guard paths.insert(place).inserted else { throw Self.unfounded(path, "it is listed twice") }
        if arrays.contains(host) {
            guard elements.remove(place) != nil else { throw Self.unfounded(path, "it is disclosed, or not there") }
        } else if let count = objects[host] {
            guard count > 0 else { throw Self.unfounded(path, "all digests beside it are accounted for") }
            if let name = place.tokens.last, let object = merged.root.value(at: host), object[name] != nil {
                throw Self.unfounded(path, "it is there")
            }
            objects[host] = count - 1
        } else {
            hidden.append(place)
        }
    }

    /// Checks that nothing is left.
    ///
    /// - Throws: ``ReadVerificationError`` with code `.unaccountedDigest` or `.unfoundedPath`.
    /// - Complexity: O(*p* · *d*) in the paths and their depth.
    func finish() throws(ReadVerificationError) {
        if let left = elements.first ?? objects.first(where: { $0.value > 0 })?.key {
            throw ReadVerificationError(
                .unaccountedDigest,
                "At “\(left)” of the event something is neither disclosed nor listed as withheld, gone, absent or omitted."
            )
        }
        for path in hidden {
            let isWithinOther = (root.tokens.count - 1..<path.tokens.count).contains { count in
                paths.contains(JSONPointer(tokens: Array(path.tokens.prefix(count))))
            }
            guard isWithinOther else {
                throw Self.unfounded(path.description, "there are no digests in the object it would stand in")
            }
        }
    }

    private static func unfounded(_ path: String, _ why: String) -> ReadVerificationError {
        ReadVerificationError(
            .unfoundedPath, "“\(path)” is listed as not disclosed, but the entry does not bear it out: \(why).")
    }
}
