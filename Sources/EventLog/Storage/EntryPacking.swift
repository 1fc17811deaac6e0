internal import LMDB
internal import Transparency
internal import Zstandard

/// By which dictionary a writer compresses entries, and when it makes the next.
///
/// The first is made of the first thousand entries, another each time the log has grown sixteenfold, if that is better by a
/// twentieth. Entries stay as they were written: a dictionary, once used, is kept for good.
struct EntryPacking: Sendable {
    /// How many entries there are before the first is made.
    static let firstEntries: Position = 1_024
    private static let growth: Position = 16
    /// How many entries, and how many bytes of them, one is made of.
    private static let samples: Position = 2_048
    private static let sampleBytes = 4 << 20
    private static let dictionaryBytes = 32 << 10
    /// The most that there can be: their numbers are 1, 2, 3 …
    private static let most: UInt16 = 64

    /// The number of the dictionary that is used.
    private(set) var number: UInt16 = 0
    private(set) var dictionary: ZstandardDictionary?
    private var due: Position
    private var isWritten = true

    /// - Parameter due: How many entries there are when the first is made; `.max` for none.
    init(due: Position = Self.firstEntries) { self.due = due }

    /// That of a log as it is.
    init(of store: LogStore, in transaction: borrowing some LMDBReading & ~Copyable) throws(LogError) {
        do throws(LMDBError) {
            due = Self.firstEntries
            number = UInt16(clamping: try transaction.count(of: store.codec.database))
        } catch {
            throw LogError(error)
        }
        if number > 0 { dictionary = try store.codec.dictionary(number, in: transaction) }
        for _ in 0..<min(number, Self.most) { due = due.multipliedReportingOverflow(by: Self.growth).partialValue }
        if number >= 14 { due = .max }
    }

    /// Whether a dictionary is to be made before the entry at a position.
    func isDue(at position: Position) -> Bool { position >= due }

    /// Makes a dictionary if one is due. What comes next is compressed by it.
    ///
    /// - Complexity: O(1); about a tenth of a second when one is due.
    @available(*, noasync)
    mutating func renew(for head: Position, _ store: LogStore) throws(LogError) {
        guard isDue(at: head) else { return }
        while due <= head { due = due > .max / Self.growth ? .max : due * Self.growth }
        let (bytes, sizes) = try Self.samples(below: head, store)
        guard number < Self.most,
            let trained = try? ZstandardDictionary.train(on: bytes, sizes: sizes, capacity: Self.dictionaryBytes),
            let next = try? ZstandardDictionary(trained)
        else { return }
        let before = dictionary.map { Self.packed(bytes, sizes, by: $0, store.codec) } ?? bytes.count
        guard Self.packed(bytes, sizes, by: next, store.codec) < before / 20 * 19 else { return }
        (dictionary, number, isWritten) = (next, number + 1, false)
    }

    /// Writes the dictionary, if it is new, in the transaction of what is compressed by it first. Until that is committed it is
    /// new: it keeps its number, whatever fails.
    func write(to store: LogStore, in transaction: inout LMDBWriteTransaction) throws(LogError) {
        guard !isWritten, let dictionary else { return }
        let key = EntryCodec.key(number)
        let value = EntryCodec.stored(dictionary.bytes, key.span)
        do throws(LMDBError) {
            try transaction.put(value.span, for: key.span, in: store.codec.database)
        } catch {
            throw LogError(error)
        }
    }

    /// Notes that what was written is committed.
    mutating func noteCommit() { isWritten = true }

    /// The header of an entry, and the entry as it is stored: compressed into `frame`, or as it is.
    func header(
        of body: Span<UInt8>, at position: Position, recorded: Timestamp, leafHash: MerkleHash, _ codec: EntryCodec,
        in frame: inout [UInt8]
    ) -> EntryHeader {
        let isPacked = dictionary.map { codec.packed(body, with: $0, at: position, in: &frame) } ?? false
        return EntryHeader(
            length: EntryText.prefixCount + body.count, recorded: recorded, leafHash: leafHash,
            dictionary: isPacked ? number : 0)
    }

    /// Bodies of entries from all over the log's last part.
    @available(*, noasync)
    private static func samples(
        below head: Position, _ store: LogStore
    ) throws(LogError) -> (bytes: [UInt8], sizes: [Int]) {
        let first = head - min(head, samples * growth)
        let step = max(1, (head - first) / samples)
        var (bytes, sizes): ([UInt8], [Int]) = ([], [])
        let transaction = try store.beginRead()
        for position in stride(from: first, to: head, by: Int(step)) where bytes.count < sampleBytes {
            let body = try store.entry(at: position, in: transaction).bytes.dropFirst(EntryText.prefixCount)
            bytes += body
            sizes.append(body.count)
        }
        return (bytes, sizes)
    }

    private static func packed(
        _ bytes: [UInt8], _ sizes: [Int], by dictionary: ZstandardDictionary, _ codec: EntryCodec
    ) -> Int {
        var (start, sum, frame): (Int, Int, [UInt8]) = (0, 0, [])
        for size in sizes {
            let body = bytes.span.extracting(start..<start + size)
            sum += codec.packed(body, with: dictionary, at: 0, in: &frame) ? frame.count : size
            start += size
        }
        return sum
    }
}
