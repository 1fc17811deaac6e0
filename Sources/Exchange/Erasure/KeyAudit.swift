public import EventLog
internal import LMDB

/// Whether keys and log agree: what was found by going through both.
public struct KeyAudit: Sendable, Hashable {
    /// How many rows can be opened.
    public internal(set) var rows = 0
    /// How many are gone with their keys.
    public internal(set) var erasedRows = 0
    /// What does not agree; at most ``maximumProblems``.
    public internal(set) var problems: [String] = []

    public static let maximumProblems = 100

    public var isSound: Bool { problems.isEmpty }

    /// Goes through the fences of a log and a key store, then through all rows of the log.
    ///
    /// - Parameter progress: Gets how many entries of how many have been gone through.
    /// - Throws: ``ExchangeError`` if one of both cannot be read; what is wrong with them is in ``problems``.
    /// - Complexity: O(*k* + *d*) in the keys and the disclosures; no row is opened.
    public init(
        _ log: Log, _ keys: KeyStore, progress: (Position, Position) -> Void = { _, _ in }
    ) throws(ExchangeError) {
        let register = try ErasureRegister(folding: log)
        self.init(of: register, try keys.status())
        var kinds: [UInt64: Bool] = [:]
        try keys.forEachKey { number, record in
            if case .erased = record { kinds[number] = false } else { kinds[number] = true }
        }
        let mark = try ExchangeError.wrapping { () throws(LogError) in try log.cutMark }
        if mark < register.lastFence { add("Rows are still to be removed: open the ledger for writing once.") }
        try ExchangeError.wrapping { () throws(LogError) in
            let head = try log.head
            try log.scanDisclosures(before: head) { place, row in
                if place.ordinal == 0, place.position % 4_096 == 0 { progress(place.position, head) }
                count(row, at: place, kinds, keys.mask)
            }
        }
    }

    /// Holds the fences of a log against those of a key store, and nothing else.
    public init(of register: ErasureRegister, _ status: KeyStatus) {
        let (ordered, carriedOut) = (Set(register.fences.map(\.fence)), Set(status.fences))
        for fence in register.fences where !carriedOut.contains(fence.fence) {
            add("The keys of the subject that position \(fence.position) erases have not been destroyed.")
        }
        for fence in status.fences where !ordered.contains(fence) {
            add("Keys were destroyed behind fence \(fence.number), which is not in the log.")
        }
        if status.needsRotation { add("Keys were destroyed and the wrapping key has not been rotated since.") }
        if let noted = status.noted { add("An erasure, fence \(noted.number), was begun and not finished.") }
    }

    /// - Parameter kinds: For each key whether it is in use; false if it was destroyed.
    private mutating func count(
        _ row: Span<UInt8>, at place: DisclosurePlace, _ kinds: [UInt64: Bool], _ mask: NumberMask
    ) {
        let name = "Disclosure \(place.ordinal) at position \(place.position)"
        guard let number = SealedRow.keyNumber(row, mask), let isLive = kinds[number] else {
            add("\(name) was sealed under a key that is not there.")
            return
        }
        let isCut = row.count == SealedRow.headerBytes
        if isLive, isCut { add("\(name) was removed although its key is in use.") }
        if !isLive, !isCut { add("\(name) is there although its key was destroyed.") }
        if isLive { rows += 1 } else { erasedRows += 1 }
    }

    private mutating func add(_ problem: String) {
        if problems.count < Self.maximumProblems { problems.append(problem) }
    }
}
