internal import JSON

/// The digests that were met in a payload and in what was disclosed, which disclosures they are of, and where they
/// stand.
///
/// Where something stands is put together only if it is asked for, from the digest that each disclosure was met at.
struct MetDigests {
    /// The payload, or the disclosure of a number.
    enum Source {
        case payload
        case disclosure(Int)
    }

    private struct Row {
        let digest: DisclosureDigest
        /// Where the string with it stands.
        let source: Source
        let node: Int
        /// Which disclosure it is of.
        let disclosure: Int?
    }

    private let payload: JSONDocument
    private let disclosures: [Disclosure]
    private let maximum: Int
    private let table: DigestTable
    private var rows: [Row] = []
    /// For each disclosure, the row of its digest.
    private var places: [Int?]

    /// - Throws: ``DisclosureError`` with code `.repeatedDisclosure`.
    init(_ payload: JSONDocument, _ disclosures: [Disclosure], maximum: Int) throws(DisclosureError) {
        self.payload = payload
        self.disclosures = disclosures
        self.maximum = maximum
        table = DigestTable(disclosures.lazy.map(\.digest))
        places = Array(repeating: nil, count: disclosures.count)
        if let repeated = table.repeated {
            throw DisclosureError(.repeatedDisclosure, "Disclosure \(repeated) was given before. Give each once.")
        }
    }

    /// Notes a digest.
    ///
    /// - Returns: The number of its disclosure, or nil.
    /// - Throws: ``DisclosureError`` with code `.tooMany`, or `.repeatedDigest` if its disclosure was met before.
    mutating func note(
        _ digest: DisclosureDigest, in source: Source, at node: Int
    ) throws(DisclosureError) -> Int? {
        guard rows.count < maximum else {
            throw DisclosureError(.tooMany, "A payload has at most \(maximum) digests.")
        }
        let disclosure = table.index(of: digest)
        if let disclosure {
            guard places[disclosure] == nil else { throw repeated(source, node) }
            places[disclosure] = rows.count
        }
        rows.append(Row(digest: digest, source: source, node: node, disclosure: disclosure))
        return disclosure
    }

    /// Checks that every disclosure was met, and no digest twice (RFC 9901, section 7.1, steps 4 and 5).
    func check() throws(DisclosureError) {
        if let lost = places.firstIndex(where: { $0 == nil }) {
            throw DisclosureError(
                .unreferencedDisclosure,
                "The digest of disclosure \(lost), \(disclosures[lost].digest), is neither in the payload nor in what "
                    + "was disclosed with it. Either it was changed, or what it is within is missing.")
        }
        guard rows.map(\.digest).firstRepeated() != nil,
            let second = DigestTable(rows.lazy.map(\.digest)).repeated
        else { return }
        throw repeated(rows[second].source, rows[second].node)
    }

    /// All of them, in the order they were met.
    var all: [EmbeddedDigest] {
        rows.map {
            EmbeddedDigest(digest: $0.digest, pointer: pointer($0.source, $0.node), disclosure: $0.disclosure)
        }
    }

    private func repeated(_ source: Source, _ node: Int) -> DisclosureError {
        DisclosureError(.repeatedDigest, at: pointer(source, node), "A digest stands in more than one place.")
    }

    func pointer(_ source: Source, _ node: Int) -> JSONPointer { JSONPointer(tokens: path(source, node)) }

    /// The way to a node in the payload with what is disclosed. A disclosed element has the place of its digest.
    func path(_ source: Source, _ node: Int) -> [String] {
        guard case .disclosure(let number) = source else { return payload.path(from: 0, to: node) }
        guard let place = places[number] else { return [] }
        var path = path(rows[place].source, rows[place].node)
        if let name = disclosures[number].name {
            path.removeLast(2)
            path.append(name)
        } else {
            path.removeLast()
        }
        return path + disclosures[number].content.path(from: disclosures[number].valueNode, to: node)
    }
}
