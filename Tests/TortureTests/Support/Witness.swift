import Foundation
import TestSupport
import Transparency

/// What the driver of a ledger knows of it: what it sent, what was acknowledged, and every entry it ever saw there.
///
/// After each fault it looks at the ledger through the program and holds it against that. It keeps a Merkle tree of its
/// own over the entries it saw, so the root that `verify` computes from the file says that all of them are still there,
/// byte for byte.
struct Witness {
    let ledger: TestLedger
    /// The number of the event at each position.
    private(set) var numbers: [Int] = []
    /// Where each event is.
    private(set) var places: [Int: UInt64] = [:]
    /// Where each event is that was acknowledged.
    private(set) var acknowledged: [Int: UInt64] = [:]
    private var frontier = MerkleFrontier()
    /// Events sent from here on do not have a number yet.
    var next = 0

    init(_ ledger: TestLedger) {
        self.ledger = ledger
    }

    /// Numbers of events that have not been sent before.
    mutating func fresh(_ count: Int) -> [Int] {
        defer { next += count }
        return Array(next..<next + count)
    }

    /// Numbers of events that were sent but are not there.
    var missing: [Int] { (0..<next).filter { places[$0] == nil } }

    /// Takes the receipts that a run of `append` printed for events: line by line in their order.
    ///
    /// - Parameter mayRefuse: Whether the machine was made to fail, so that events may be refused for that.
    /// - Returns: How many there are.
    mutating func takeReceipts(_ output: [UInt8], for sent: [Int], mayRefuse: Bool = false) throws -> Int {
        var lines = output.split(separator: 0x0A, omittingEmptySubsequences: false)
        // The last line counts only with its newline.
        lines.removeLast()
        try demand(lines.count <= sent.count, "more receipts than events: \(lines.count) for \(sent.count)")
        var receipts = 0
        for (line, number) in zip(lines, sent) {
            let text = String(decoding: line, as: UTF8.self)
            if mayRefuse, Self.machineFailures.contains(where: { text.hasPrefix("{\"refused\":\"\($0)\"") }) {
                continue
            }
            guard let colon = text.firstIndex(of: ":"), text.hasSuffix("}"),
                let position = UInt64(text[text.index(after: colon)...].dropLast()),
                text.hasPrefix("{\"appended\":") || text.hasPrefix("{\"duplicate\":")
            else { throw TortureFailure("event e\(number) got the answer \(text)") }
            if let place = places[number] {
                try demand(
                    place == position && text.hasPrefix("{\"duplicate\""),
                    "event e\(number) was at \(place) already, but the receipt is \(text)")
            }
            acknowledged[number] = position
            receipts += 1
        }
        return receipts
    }

    /// The codes of refusals that are no fault of the event.
    private static let machineFailures = ["diskFull", "failed", "inputOutput", "permissionDenied", "mapFull"]

    /// Looks at the ledger and compares.
    ///
    /// - Parameter mayBeNew: What was sent since the last look.
    /// - Returns: The numbers of the events that are new.
    @discardableResult
    mutating func check(mayBeNew: some Sequence<Int>) throws -> [Int] {
        let verification = try ledger.verify()
        try demand(verification.isSound, "not sound: \(verification.outcome.description)")
        let before = numbers.count
        let allowed = Set(mayBeNew)
        let output = try ledger.read(["--from", String(before)])
        for line in output.split(separator: 0x0A) { try take(line, allowed) }
        try demand(
            verification.entries == frontier.size,
            "verify counts \(verification.entries) entries, \(frontier.size) were read")
        try demand(verification.root == frontier.root.base64, "the root is not that of the entries that were there")
        for (number, position) in acknowledged where places[number] != position {
            throw TortureFailure(
                "event e\(number) was acknowledged at \(position), but is \(places[number].map { "at \($0)" } ?? "not there")"
            )
        }
        return Array(numbers[before...])
    }

    private mutating func take(_ line: ArraySlice<UInt8>, _ allowed: Set<Int>) throws {
        let text = String(decoding: line, as: UTF8.self)
        let position = frontier.size
        let opening = "{\"position\":\(position),"
        try demand(text.hasPrefix(opening), "position \(position) should come, but: \(text.prefix(120))")
        let entry = "{" + text.dropFirst(opening.count)
        // {"recorded":"2026-03-01T08:15:30.123456Z",
        let body = entry.dropFirst(42)
        guard let number = TortureEvent.number(ofBody: body.utf8) else {
            throw TortureFailure("at \(position) is what was never sent: \(text.prefix(200))")
        }
        try demand(body == TortureEvent(number).body, "the entry at \(position) is not e\(number) as it was sent")
        try demand(places[number] == nil, "event e\(number) is there twice: at \(places[number] ?? 0) and \(position)")
        try demand(allowed.contains(number), "event e\(number) at \(position) was not sent lately")
        places[number] = position
        numbers.append(number)
        frontier.append(MerkleHash.leaf(Array(entry.utf8).span))
    }

    /// Asks for the events of an object, which the index answers, and compares.
    func checkQuery(object: Int) throws {
        let tag = "object:\(object)"
        let output = try ledger.read(["--tag", tag])
        let found = output.split(separator: 0x0A).map { Self.position(of: $0) }
        let expected = numbers.indices.filter { TortureEvent(numbers[$0]).tag == tag }.map { UInt64($0) }
        try demand(found == expected, "the query \(tag) gave \(found.count) entries instead of \(expected.count)")
    }

    /// Compares what a reader saw while the ledger was being written: each whole line must be an entry that is there.
    func checkSeen(_ output: [UInt8]) throws -> Int {
        var lines = output.split(separator: 0x0A, omittingEmptySubsequences: false)
        lines.removeLast()
        for line in lines {
            let position = Int(Self.position(of: line) ?? .max)
            try demand(position < numbers.count, "a reader saw position \(position), which is not there")
            let body = TortureEvent(numbers[position]).body
            try demand(line.hasSuffix(body), "a reader saw something else at position \(position)")
        }
        return lines.count
    }

    private static func position(of line: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: line.dropFirst("{\"position\":".utf8.count).prefix { $0 != 0x2C }, as: UTF8.self))
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
