internal import JSON

/// Disclosures that were verified when they were taken in, ready to be put into the payload they belong to.
///
/// It does in less time what ``SealedPayload/processed(with:)`` does, byte for byte, by trusting that payload and
/// disclosures have passed that check: nothing is parsed, hashed or checked again, and text is copied from digest to
/// digest. It needs texts that are compact and in which reserved names are written without escapes, as the sealer makes
/// them (``Disclosure/isPlain``, ``SealedPayload/isPlain(_:)``). In such a text, `,"_sd":[` can be nothing but a key:
/// within a string a quotation mark has a backslash before it.
package struct VerifiedDisclosures: Sendable {
    private struct Row {
        let digest: DisclosureDigest
        /// Where the name stands, with its quotes; empty for an array's element.
        let name: Range<Int>
        let value: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var rows: [Row] = []
    private var isSorted = true

    package init() {}

    /// How many there are.
    package var count: Int { rows.count }

    /// Forgets all and keeps the storage.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        isSorted = true
    }

    /// Adds a disclosure by its JSON and its digest, which is trusted to be of it.
    ///
    /// - Throws: ``DisclosureError`` with code `.malformedDisclosure` if it has not the form of one.
    /// - Complexity: O(*n*), of which only salt and name are looked at.
    package mutating func append(json: [UInt8], digest: DisclosureDigest) throws(DisclosureError) {
        let start = bytes.count
        bytes.append(contentsOf: json)
        let (name, value) = try Self.parts(of: bytes.span, from: start)
        if let last = rows.last, digest < last.digest { isSorted = false }
        rows.append(Row(digest: digest, name: name, value: value))
    }

    /// Where name and value stand in a disclosure that begins at an offset and reaches to the end.
    private static func parts(
        of text: Span<UInt8>, from start: Int
    ) throws(DisclosureError) -> (name: Range<Int>, value: Range<Int>) {
        let end = text.count - 1
        guard end > start, text[start] == UInt8(ascii: "["), text[end] == UInt8(ascii: "]"),
            let salt = string(in: text, from: start + 1, to: end), salt + 1 < end, text[salt] == UInt8(ascii: ",")
        else { throw malformed }
        // A second string is a name if there is more after it.
        guard let name = string(in: text, from: salt + 1, to: end), name < end else {
            return (salt + 1..<salt + 1, salt + 1..<end)
        }
        guard name + 1 < end, text[name] == UInt8(ascii: ",") else { throw malformed }
        return (salt + 1..<name, name + 1..<end)
    }

    /// The offset after the string that begins at an offset, or nil if none does.
    private static func string(in text: Span<UInt8>, from start: Int, to end: Int) -> Int? {
        guard start < end, text[start] == UInt8(ascii: "\"") else { return nil }
        var at = start + 1
        while at < end {
            if text[at] == UInt8(ascii: "\"") { return at + 1 }
            at += text[at] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// Appends a payload, or a stretch of text that holds it, with what is disclosed in it.
    ///
    /// - Returns: How many of the disclosures were put in. If they are fewer than ``count``, some were of another
    ///   payload, or within one that is not here.
    /// - Throws: ``DisclosureError`` with code `.malformedDigests` if the payload is not what was verified.
    /// - Complexity: O(*n* + *d* log *m*) in the bytes, the digests and the disclosures.
    package mutating func merge(
        into payload: [UInt8], _ range: Range<Int>, to output: inout [UInt8]
    ) throws(DisclosureError) -> Int {
        if !isSorted {
            rows.sort { $0.digest < $1.digest }
            isSorted = true
        }
        var used = 0
        try write(payload, range, to: &output, &used)
        return used
    }

    // The eight characters that reserved names begin with where they are keys.
    private static let digestsKey: UInt64 = 0x225F_7364_223A_5B22  // "_sd":["
    private static let noDigestsKey: UInt64 = 0x225F_7364_223A_5B5D  // "_sd":[]
    private static let algorithmKey: UInt64 = 0x225F_7364_5F61_6C67  // "_sd_alg
    private static let algorithmKeyEnd: UInt64 = 0x7364_5F61_6C67_223A  // sd_alg":
    private static let placeholderKey: UInt64 = 0x7B22_2E2E_2E22_3A22  // {"...":"

    private func write(
        _ source: [UInt8], _ range: Range<Int>, to output: inout [UInt8], _ used: inout Int
    ) throws(DisclosureError) {
        let text = source.span
        let end = range.upperBound
        var copied = range.lowerBound
        var at = range.lowerBound
        while true {
            at = JSONScan.firstQuote(
                before: UInt8(ascii: "_"), or: UInt8(ascii: "."), in: text, from: at, to: end)
            guard at + 8 < end else { break }
            guard at > range.lowerBound else {
                at += 1
                continue
            }
            let before = text[at - 1]
            let word = JSONScan.word(text, at: at)
            if before == UInt8(ascii: "{"), JSONScan.word(text, at: at - 1) == Self.placeholderKey {
                // Only in an array: what was verified has no such key elsewhere.
                output.append(contentsOf: source[copied..<at - 1])
                let after = try writeElement(text, at + 7, end, to: &output, &used)
                copied = after.end
                if !after.isDisclosed { Gap.close(source, &copied, &output) }
                at = copied
                continue
            }
            guard before == UInt8(ascii: "{") || before == UInt8(ascii: ",") else {
                at += 1
                continue
            }
            switch word {
            case Self.digestsKey:
                output.append(contentsOf: source[copied..<at])
                let after = try writeMembers(text, at + 8, end, to: &output, &used)
                copied = after.end
                if !after.isDisclosed { Gap.close(source, &copied, &output) }
            case Self.noDigestsKey:
                output.append(contentsOf: source[copied..<at])
                copied = at + 8
                Gap.close(source, &copied, &output)
            case Self.algorithmKey where at + 10 < end && JSONScan.word(text, at: at + 2) == Self.algorithmKeyEnd:
                output.append(contentsOf: source[copied..<at])
                guard let after = Self.string(in: text, from: at + 10, to: end), after < end else {
                    throw Self.unverified
                }
                copied = after
                Gap.close(source, &copied, &output)
            default:
                at += 1
                continue
            }
            at = copied
        }
        output.append(contentsOf: source[copied..<end])
    }

    /// Writes the members whose digests stand in a list, of which the first begins at an offset.
    private func writeMembers(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, to output: inout [UInt8], _ used: inout Int
    ) throws(DisclosureError) -> (end: Int, isDisclosed: Bool) {
        var isDisclosed = false
        var at = start
        while true {
            let after = at + DisclosureDigest.characterCount
            guard after + 2 < end, text[after] == UInt8(ascii: "\"") else { throw Self.unverified }
            if let row = row(of: text, at) {
                if isDisclosed { output.append(UInt8(ascii: ",")) }
                isDisclosed = true
                output.append(contentsOf: bytes[row.name])
                output.append(UInt8(ascii: ":"))
                used += 1
                try write(bytes, row.value, to: &output, &used)
            }
            if text[after + 1] == UInt8(ascii: "]") { return (after + 2, isDisclosed) }
            at = after + 3
        }
    }

    /// Writes the element whose digest begins at an offset.
    private func writeElement(
        _ text: Span<UInt8>, _ start: Int, _ end: Int, to output: inout [UInt8], _ used: inout Int
    ) throws(DisclosureError) -> (end: Int, isDisclosed: Bool) {
        let after = start + DisclosureDigest.characterCount
        guard after + 2 < end, text[after] == UInt8(ascii: "\"") else { throw Self.unverified }
        guard let row = row(of: text, start) else { return (after + 2, false) }
        used += 1
        try write(bytes, row.value, to: &output, &used)
        return (after + 2, true)
    }

    /// The disclosure of the digest at an offset, or nil.
    private func row(of text: Span<UInt8>, _ at: Int) -> Row? {
        let first = JSONScan.word(text, at: at)
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].digest.firstWord < first { low = middle + 1 } else { high = middle }
        }
        while low < rows.count, rows[low].digest.firstWord == first {
            if rows[low].digest == DisclosureDigest(unchecked: text, at: at) { return rows[low] }
            low += 1
        }
        return nil
    }

    private static var malformed: DisclosureError {
        DisclosureError(.malformedDisclosure, "A stored disclosure has not the form of one.")
    }

    private static var unverified: DisclosureError {
        DisclosureError(.malformedDigests, "The payload's digests have not the form of those that were verified.")
    }
}
