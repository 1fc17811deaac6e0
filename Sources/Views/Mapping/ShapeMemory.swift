internal import LMDB

/// What the entries before had in common: their agency, and the members of their events, each with its value. Who appends much
/// writes its events alike, so most of an entry is known when it is compared with one before; only what differs is looked at
/// byte by byte.
struct ShapeMemory {
    enum Role {
        case type, dataschema, other
    }

    /// A member of an event: where it stands in ``text``, with the comma or brace after it.
    struct Member {
        let range: Range<Int>
        /// How many bytes there are up to the text that is its value: name, colon and quotes; 0 if its value is no text.
        let prefix: Int
        let role: Role
    }

    /// What stands after the quote before the agency: `CUS","tags":[`.
    private(set) var agency: [UInt8] = []
    private var text: [UInt8] = []
    private(set) var members: [Member] = []
    /// How often what is remembered was met, up to a few times.
    private var credit = 0
    /// For how many entries nothing new is remembered.
    private var rest = 0

    private static let mostCredit = 4
    /// An entry whose members are longer is not remembered, and then others not for a while.
    private static let mostBytes = 2_048
    private static let longestRest = 64

    /// Whether the next entry is to be remembered.
    mutating func isCurious() -> Bool {
        guard members.isEmpty else { return false }
        guard rest == 0 else {
            rest -= 1
            return false
        }
        return true
    }

    @inline(__always)
    func isAgency(in bytes: Span<UInt8>, at place: Int) -> Bool {
        !agency.isEmpty && agency.span.isFound(0..<agency.count, in: bytes, at: place)
    }

    /// Whether a member stands at a place with its value.
    @inline(__always)
    func isMember(_ member: Member, in bytes: Span<UInt8>, at place: Int) -> Bool {
        text.span.isFound(member.range, in: bytes, at: place)
    }

    /// Whether a member of that name stands at a place, with another text as its value.
    @inline(__always)
    func isName(of member: Member, in bytes: Span<UInt8>, at place: Int) -> Bool {
        let start = member.range.lowerBound
        return member.prefix > 0 && text.span.isFound(start..<start + member.prefix, in: bytes, at: place)
    }

    /// Notes whether an entry was like what is remembered, but for texts; if too many were not, that is forgotten.
    @inline(__always)
    mutating func note(wasMet: Bool) {
        credit = wasMet ? min(Self.mostCredit, credit + 1) : credit - 1
        if credit < 0 { members.removeAll(keepingCapacity: true) }
    }

    /// Remembers an entry in which no name, type or schema has an escape.
    ///
    /// - Parameters:
    ///   - agency: Where its agency stands, and what follows up to the tags.
    ///   - found: Its members up to the last one that is needed: each with the comma or brace after it, where its value
    ///     begins, and its role.
    mutating func remember(
        _ bytes: Span<UInt8>, agency: Range<Int>, _ found: [(range: Range<Int>, value: Int, role: Role)]
    ) {
        credit = 0
        guard found.reduce(0, { $0 + $1.range.count }) <= Self.mostBytes else {
            rest = Self.longestRest
            return
        }
        self.agency = bytes.extracting(agency).copied
        text.removeAll(keepingCapacity: true)
        for member in found {
            let isText = bytes[member.value] == UInt8(ascii: "\"")
            members.append(
                Member(
                    range: text.count..<text.count + member.range.count,
                    prefix: isText ? member.value + 1 - member.range.lowerBound : 0, role: member.role))
            text.append(copying: bytes.extracting(member.range))
        }
    }
}
