internal import JSON

/// Puts what is disclosed into a payload and checks every rule of RFC 9901, section 7.1, on the way.
///
/// The output is written in one pass: runs of text are copied up to each digest.
struct PayloadMerger {
    /// A value that is being copied.
    private struct Copying {
        let source: MetDigests.Source
        let document: JSONDocument
        /// Up to where the text has been written or left out.
        var copied: Int
    }

    private let payload: JSONDocument
    private let disclosures: [Disclosure]
    private let limits: DisclosureLimits
    /// The digests of the payload and of what is disclosed.
    private(set) var met: MetDigests
    /// The processed payload.
    private(set) var output: [UInt8] = []

    /// Merges.
    init(
        _ payload: JSONDocument, _ disclosures: [Disclosure], _ limits: DisclosureLimits
    ) throws(DisclosureError) {
        guard disclosures.count <= limits.maximumDisclosures else {
            throw DisclosureError(
                .tooMany, "At most \(limits.maximumDisclosures) disclosures are taken; these are \(disclosures.count).")
        }
        self.payload = payload
        self.disclosures = disclosures
        self.limits = limits
        met = try MetDigests(payload, disclosures, maximum: limits.maximumDigests)
        try checkAlgorithm()
        output.reserveCapacity(disclosures.reduce(payload.bytes.count) { $0 + $1.json.count })
        try write(0, of: .payload, payload, depth: 0)
        try met.check()
    }

    private func checkAlgorithm() throws(DisclosureError) {
        let name = ReservedName.algorithm.rawValue
        guard let algorithm = payload.root[name] else { return }
        guard algorithm.string == "sha-256" else {
            throw DisclosureError(
                .unknownAlgorithm, at: JSONPointer(tokens: [name]),
                "The payload's digests are of \(String(decoding: algorithm.text.prefix(64), as: UTF8.self)). "
                    + "Only “sha-256” is known.")
        }
    }

    /// Writes a value with what is disclosed in it.
    private mutating func write(
        _ node: Int, of source: MetDigests.Source, _ document: JSONDocument, depth: Int
    ) throws(DisclosureError) {
        let range = document.tape.nodes[node].range
        var copying = Copying(source: source, document: document, copied: range.lowerBound)
        try walk(node, depth: depth, &copying)
        copy(upTo: range.upperBound, &copying)
    }

    private mutating func copy(upTo end: Int, _ copying: inout Copying) {
        output.append(contentsOf: copying.document.bytes[copying.copied..<end])
        copying.copied = end
    }

    /// Leaves out what ends at an offset, and the comma that has nothing to part any more.
    private mutating func leaveOut(upTo end: Int, _ copying: inout Copying) {
        copying.copied = end
        Gap.close(copying.document.bytes, &copying.copied, &output)
    }

    /// - Parameter depth: How many containers the value stands in.
    private mutating func walk(_ node: Int, depth: Int, _ copying: inout Copying) throws(DisclosureError) {
        let kind = copying.document.tape.nodes[node].kind
        guard kind == .object || kind == .array else { return }
        guard depth < limits.maximumDepth else {
            throw DisclosureError(
                .tooDeep, at: met.pointer(copying.source, node),
                "With what is disclosed, the payload would be more than \(limits.maximumDepth) deep.")
        }
        if kind == .object {
            try walkObject(node, depth: depth, &copying)
        } else {
            try walkArray(node, depth: depth, &copying)
        }
    }

    private mutating func walkObject(_ object: Int, depth: Int, _ copying: inout Copying) throws(DisclosureError) {
        let document = copying.document
        let end = Int(document.tape.nodes[object].end)
        var key = object + 1
        while key < end {
            let value = key + 1
            switch ReservedName(key, document.tape, document.bytes.span) {
            case nil:
                try walk(value, depth: depth + 1, &copying)
            case .digests:
                try replaceDigests(key, ofObjectAt: object, depth: depth, &copying)
            case .placeholder:
                throw malformedDigests(copying.source, key)
            case .algorithm:
                guard case .payload = copying.source, object == 0 else {
                    throw DisclosureError(
                        .misplacedAlgorithm, at: met.pointer(copying.source, key),
                        "“\(ReservedName.algorithm.rawValue)” stands only at the top of the payload.")
                }
                copy(upTo: document.tape.nodes[key].range.lowerBound, &copying)
                leaveOut(upTo: document.tape.nodes[value].range.upperBound, &copying)
            }
            key = Int(document.tape.nodes[value].end)
        }
    }

    /// Writes the members that are disclosed in the place of `_sd`.
    private mutating func replaceDigests(
        _ key: Int, ofObjectAt object: Int, depth: Int, _ copying: inout Copying
    ) throws(DisclosureError) {
        let document = copying.document
        let list = document.tape.nodes[key + 1]
        guard list.kind == .array else { throw malformedDigests(copying.source, key) }
        copy(upTo: document.tape.nodes[key].range.lowerBound, &copying)
        var taken: TakenNames?
        for digest in key + 2..<Int(list.end) {
            guard let found = try note(digest, copying) else { continue }
            let content = disclosures[found].content
            guard let name = disclosures[found].nameNode else {
                throw DisclosureError(
                    .wrongPlace, at: met.pointer(copying.source, digest),
                    "Disclosure \(found) has no name, but its digest is among those of an object.")
            }
            try check(name, of: content, ofObjectAt: object, copying, &taken, count: Int(list.end) - key - 2)
            if copying.copied == list.range.upperBound { output.append(UInt8(ascii: ",")) }
            copying.copied = list.range.upperBound
            output.append(contentsOf: content.bytes[content.tape.nodes[name].range])
            output.append(UInt8(ascii: ":"))
            try write(disclosures[found].valueNode, of: .disclosure(found), content, depth: depth + 1)
        }
        if copying.copied < list.range.upperBound { leaveOut(upTo: list.range.upperBound, &copying) }
    }

    /// Checks that a disclosed name may stand in its object.
    private func check(
        _ name: Int, of content: JSONDocument, ofObjectAt object: Int, _ copying: Copying, _ taken: inout TakenNames?,
        count: Int
    ) throws(DisclosureError) {
        var place: JSONPointer {
            let text = content.tape.decodedString(at: name, in: content.bytes.span)
            return JSONPointer(tokens: met.path(copying.source, object) + [text])
        }
        if let reserved = ReservedName(name, content.tape, content.bytes.span) {
            throw ReservedName.refusal(of: reserved.rawValue, at: place)
        }
        var names = taken ?? TakenNames(ofObjectAt: object, in: copying.document, disclosing: count)
        taken = nil
        let isFree = names.take(content.tape.decodedBytes(at: name, in: content.bytes.span), in: copying.document)
        taken = names
        guard isFree else {
            throw DisclosureError(.nameTaken, at: place, "A disclosed member has the name of another in its object.")
        }
    }

    private mutating func walkArray(_ array: Int, depth: Int, _ copying: inout Copying) throws(DisclosureError) {
        let document = copying.document
        let end = Int(document.tape.nodes[array].end)
        var element = array + 1
        while element < end {
            let node = document.tape.nodes[element]
            let isPlaceholder =
                node.kind == .object && Int(node.end) > element + 1
                && ReservedName(element + 1, document.tape, document.bytes.span) == .placeholder
            if isPlaceholder {
                guard Int(node.end) == element + 3 else { throw malformedDigests(copying.source, element) }
                copy(upTo: node.range.lowerBound, &copying)
                if let found = try note(element + 2, copying) {
                    guard disclosures[found].nameNode == nil else {
                        throw DisclosureError(
                            .wrongPlace, at: met.pointer(copying.source, element + 2),
                            "Disclosure \(found) has a name, but its digest is that of an array's element.")
                    }
                    let content = disclosures[found].content
                    try write(disclosures[found].valueNode, of: .disclosure(found), content, depth: depth + 1)
                    copying.copied = node.range.upperBound
                } else {
                    leaveOut(upTo: node.range.upperBound, &copying)
                }
            } else {
                try walk(element, depth: depth + 1, &copying)
            }
            element = Int(node.end)
        }
    }

    /// Notes a digest, and finds its disclosure.
    private mutating func note(_ node: Int, _ copying: Copying) throws(DisclosureError) -> Int? {
        let string = copying.document.tape.nodes[node]
        guard string.kind == .string, !string.isEscaped, Int(string.length) == DisclosureDigest.characterCount,
            let digest = DisclosureDigest(copying.document.bytes.span, at: Int(string.offset))
        else { throw malformedDigests(copying.source, node) }
        return try met.note(digest, in: copying.source, at: node)
    }

    private func malformedDigests(_ source: MetDigests.Source, _ node: Int) -> DisclosureError {
        DisclosureError(
            .malformedDigests, at: met.pointer(source, node),
            "“_sd” is not an array of SHA-256 digests, or “...” is not alone with one in an element of an array.")
    }
}
