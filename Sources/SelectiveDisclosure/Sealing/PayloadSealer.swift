package import JSON
internal import Transparency

/// Seals payloads that are parsed already, by the nodes of their tapes. Keeps its buffers, so use one for many.
package struct PayloadSealer: Sendable {
    /// A value that is to be replaced by its digest.
    package struct Mark: Sendable {
        let node: Int
        let salt: DisclosureSalt

        /// - Parameter node: The value's node; not its key's.
        package init(node: Int, salt: DisclosureSalt) {
            self.node = node
            self.salt = salt
        }
    }

    /// How many digests a container is to have.
    package struct Padding: Sendable {
        let node: Int
        let count: Int
        let decoys: [DisclosureDigest]

        package init(node: Int, count: Int, decoys: [DisclosureDigest]) {
            self.node = node
            self.count = count
            self.decoys = decoys
        }
    }

    /// The payload with digests.
    package private(set) var payload: [UInt8] = []
    /// The disclosures, in the order of the marks.
    package private(set) var disclosures = SealedDisclosures()

    private var encoded: [UInt8] = []
    private var placedMarks = 0
    private var placedPaddings = 0
    private var hasDecoys = false

    package init() {}

    /// Seals a payload into ``payload`` and ``disclosures``.
    ///
    /// - Parameters:
    ///   - payload: A compact text.
    ///   - marks: Sorted by node.
    ///   - paddings: Sorted by node.
    /// - Throws: ``DisclosureError`` with code `.invalidMark` if a mark or padding is of a node that cannot have one or
    ///   is not sorted, `.reservedName`, `.repeatedSalt`, `.wrongCount` or `.repeatedDigest`; what was made is then of
    ///   no use.
    /// - Complexity: O(*n* + *m* log *m*) in the bytes and the marks.
    package mutating func seal(
        _ payload: [UInt8], _ tape: JSONTape, marks: [Mark], paddings: [Padding]
    ) throws(DisclosureError) {
        let work = SealWork(bytes: payload, nodes: tape.nodes, marks: marks, paddings: paddings)
        guard tape.whitespaceBytes == 0 else {
            throw DisclosureError(.malformedPayload, "A payload is sealed without white space between its tokens.")
        }
        try Self.checkNames(work, tape)
        try check(work)
        disclosures.reset(marks: marks.count)
        (placedMarks, placedPaddings, hasDecoys) = (0, 0, false)
        var bytes = disclosures.bytes
        disclosures.bytes = []
        // What is within another comes after it, so that backwards its digest is there when the other is written.
        for mark in stride(from: marks.count - 1, through: 0, by: -1) {
            try writeDisclosure(of: mark, work, to: &bytes)
        }
        disclosures.bytes = bytes
        var sealed = self.payload
        self.payload = []
        sealed.removeAll(keepingCapacity: true)
        sealed.reserveCapacity(payload.count)
        try write(0, work, to: &sealed)
        self.payload = sealed
        try checkPlaced(work)
    }

    /// Checks that a compact text has no name that belongs to the format of digests.
    ///
    /// - Throws: ``DisclosureError`` with code `.reservedName`.
    package static func checkNames(_ payload: JSONDocument) throws(DisclosureError) {
        try checkNames(
            SealWork(bytes: payload.bytes, nodes: payload.tape.nodes, marks: [], paddings: []), payload.tape)
    }

    private static func checkNames(_ work: borrowing SealWork, _ tape: JSONTape) throws(DisclosureError) {
        guard let key = ReservedName.firstKey(tape, work.bytes.span) else { return }
        let name = tape.decodedString(at: key, in: work.bytes.span)
        throw ReservedName.refusal(of: name, at: work.pointer(to: key))
    }

    private func check(_ work: borrowing SealWork) throws(DisclosureError) {
        for index in work.marks.indices {
            let node = work.marks[index].node
            guard index == 0 ? node > 0 : node > work.marks[index - 1].node, node < work.nodes.count else {
                throw work.error(.invalidMark, at: node, "The whole payload, or one value twice, cannot be sealed.")
            }
        }
        for index in work.paddings.indices.dropFirst() {
            let node = work.paddings[index].node
            guard node > work.paddings[index - 1].node else {
                throw work.error(.invalidMark, at: node, "One object or array cannot be padded twice.")
            }
        }
        if Self.repeatSalts(work.marks) {
            throw DisclosureError(.repeatedSalt, "Two values have the same salt. Each needs one of its own.")
        }
    }

    private static func repeatSalts(_ marks: [Mark]) -> Bool {
        guard marks.count <= 16 else { return Set(marks.map(\.salt)).count < marks.count }
        return marks.indices.contains { one in
            marks.indices.contains { other in other < one && marks[other].salt == marks[one].salt }
        }
    }

    private func checkPlaced(_ work: borrowing SealWork) throws(DisclosureError) {
        guard placedMarks == work.marks.count, placedPaddings == work.paddings.count else {
            throw DisclosureError(
                .invalidMark,
                "Only a member's value or an element can be sealed, and only an object or an array can be padded.")
        }
        guard hasDecoys else { return }
        let digests = disclosures.digests + work.paddings.flatMap(\.decoys)
        if let digest = digests.firstRepeated() {
            throw DisclosureError(.repeatedDigest, "The digest \(digest) would stand in the payload twice.")
        }
    }

    private mutating func writeDisclosure(
        of mark: Int, _ work: borrowing SealWork, to bytes: inout [UInt8]
    ) throws(DisclosureError) {
        let node = work.marks[mark].node
        let start = bytes.count
        bytes.append(contentsOf: "[\"".utf8)
        work.marks[mark].salt.append(to: &bytes)
        bytes.append(contentsOf: "\",".utf8)
        let valueStart = work.nodes[node].range.lowerBound
        if work.bytes[valueStart - 1] == UInt8(ascii: ":") {
            bytes.append(contentsOf: work.bytes[work.nodes[node - 1].range])
            bytes.append(UInt8(ascii: ","))
        }
        try write(node, work, to: &bytes)
        bytes.append(UInt8(ascii: "]"))
        encoded.removeAll(keepingCapacity: true)
        Base64.append(bytes.span.extracting(start..<bytes.count), .url, to: &encoded)
        disclosures.ranges[mark] = start..<bytes.count
        disclosures.digests[mark] = DisclosureDigest(ofEncoded: encoded)
    }

    /// Writes a value, digests in the place of what is marked below it.
    private mutating func write(_ node: Int, _ work: borrowing SealWork, to bytes: inout [UInt8])
        throws(DisclosureError)
    {
        guard work.changes(node) else {
            bytes.append(contentsOf: work.bytes[work.nodes[node].range])
            return
        }
        switch work.nodes[node].kind {
        case .object: try writeObject(node, work, to: &bytes)
        case .array: try writeArray(node, work, to: &bytes)
        default: throw work.error(.invalidMark, at: node, "Only an object or an array can be padded.")
        }
    }

    private mutating func writeObject(_ node: Int, _ work: borrowing SealWork, to bytes: inout [UInt8])
        throws(DisclosureError)
    {
        var digests: [DisclosureDigest] = []
        digests.reserveCapacity(8)
        var copied = work.nodes[node].range.lowerBound
        let end = work.nodes[node].range.upperBound
        var key = node + 1
        while key < Int(work.nodes[node].end) {
            let value = key + 1
            if let mark = work.mark(of: value) {
                digests.append(disclosures.digests[mark])
                bytes.append(contentsOf: work.bytes[copied..<work.nodes[key].range.lowerBound])
                copied = work.nodes[value].range.upperBound
                Gap.close(work.bytes, &copied, &bytes)
            } else if work.changes(value) {
                bytes.append(contentsOf: work.bytes[copied..<work.nodes[value].range.lowerBound])
                try write(value, work, to: &bytes)
                copied = work.nodes[value].range.upperBound
            }
            key = Int(work.nodes[value].end)
        }
        bytes.append(contentsOf: work.bytes[copied..<end - 1])
        digests.append(contentsOf: try decoys(of: node, besides: digests.count, work))
        if !digests.isEmpty {
            digests.sort()
            if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: "\"_sd\":[".utf8)
            for index in digests.indices {
                bytes.append(contentsOf: index == 0 ? "\"".utf8 : "\",\"".utf8)
                digests[index].append(to: &bytes)
            }
            bytes.append(contentsOf: "\"]".utf8)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func writeArray(_ node: Int, _ work: borrowing SealWork, to bytes: inout [UInt8])
        throws(DisclosureError)
    {
        var digests = 0
        var copied = work.nodes[node].range.lowerBound
        let end = work.nodes[node].range.upperBound
        var element = node + 1
        while element < Int(work.nodes[node].end) {
            let range = work.nodes[element].range
            let mark = work.mark(of: element)
            if mark != nil || work.changes(element) {
                bytes.append(contentsOf: work.bytes[copied..<range.lowerBound])
                copied = range.upperBound
            }
            if let mark {
                digests += 1
                Self.writePlaceholder(disclosures.digests[mark], to: &bytes)
            } else if copied == range.upperBound {
                try write(element, work, to: &bytes)
            }
            element = Int(work.nodes[element].end)
        }
        bytes.append(contentsOf: work.bytes[copied..<end - 1])
        for decoy in try decoys(of: node, besides: digests, work) {
            if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
            Self.writePlaceholder(decoy, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private static func writePlaceholder(_ digest: DisclosureDigest, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"...\":\"".utf8)
        digest.append(to: &bytes)
        bytes.append(contentsOf: "\"}".utf8)
    }

    /// The decoys of a container whose marks have all been met.
    private mutating func decoys(
        of node: Int, besides marks: Int, _ work: borrowing SealWork
    ) throws(DisclosureError) -> [DisclosureDigest] {
        placedMarks += marks
        guard let padding = work.padding(of: node) else { return [] }
        placedPaddings += 1
        guard padding.count == marks + padding.decoys.count else {
            throw work.error(
                .wrongCount, at: node,
                "\(padding.count) digests were asked for, but \(marks) marks and \(padding.decoys.count) decoys given.")
        }
        if !padding.decoys.isEmpty { hasDecoys = true }
        return padding.decoys
    }
}
