public import EventLog
internal import JSON

/// A fold over the log's charter events: the charter as of any position or time.
///
/// A charter event that does not count (not enough signatures, drawn up on an older charter, …) has no effect and
/// is kept in ``refused``: whoever folds the same log comes to the same charter, also if the ledger forged an event or
/// recorded an amendment after the time at which it was to take effect.
public struct CharterHistory: Sendable {
    /// A charter event without effect.
    public struct Refused: Sendable, Hashable {
        public let position: Position
        public let error: ExchangeError
    }

    /// The name of the ledger.
    public let origin: String
    /// The charters, each from the position of its event on; the first is that of position 0.
    public private(set) var charters: [Charter] = []
    public private(set) var refused: [Refused] = []

    /// An entry is one level deeper than its event.
    private static let limits = JSONParser.Limits(
        maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1)

    public init(origin: String) {
        self.origin = origin
    }

    /// The charter after all entries so far; nil before the first.
    public var current: Charter? { charters.last }

    /// Takes the next entry; entries that are no charter events may be left out or given.
    ///
    /// - Throws: ``ExchangeError`` for the entry at position 0: `.notFounded` if it is not the founding event, and as
    ///   ``Charter/init(founding:origin:recorded:)``. Then the ledger has no charter.
    public mutating func append(_ entry: Entry) throws(ExchangeError) {
        let event = try? JSONDocument(parsing: entry.bytes, limits: Self.limits).root["event"]
        let type = event?["type"]?.string ?? ""
        guard let last = charters.last else {
            guard entry.position == 0, type == CharterFounding.type, let data = event?["data"] else {
                throw ExchangeError(
                    .notFounded,
                    "The event at position \(entry.position) is not the founding of a charter: a ledger of several "
                        + "agencies begins with a \(CharterFounding.type) at position 0.")
            }
            charters.append(
                try Charter(founding: CharterFounding(data), origin: origin, recorded: entry.recorded))
            return
        }
        guard CharterTags.types.contains(type) else { return }
        do throws(ExchangeError) {
            guard type == CharterAmendment.type else {
                throw ExchangeError(
                    .alreadyFounded, "The charter was founded at position 0; amend it instead.")
            }
            guard let data = event?["data"] else {
                throw ExchangeError(.malformedCharter, "The amendment has no data in JSON.", pointer: "")
            }
            charters.append(
                try last.applying(
                    CharterAmendment(data), position: entry.position, recorded: entry.recorded))
        } catch {
            refused.append(Refused(position: entry.position, error: error))
        }
    }

    /// The charter after the entry at a position.
    ///
    /// - Returns: nil if there is none yet.
    /// - Complexity: O(log *a*) in the number of amendments.
    public func charter(asOf position: Position) -> Charter? { last { $0.position <= position } }

    /// The charter as it was known at a time: after all entries recorded up to it.
    ///
    /// - Returns: nil before the founding.
    /// - Complexity: O(log *a*) in the number of amendments.
    public func charter(asOf time: Timestamp) -> Charter? { last { $0.recorded <= time } }

    /// The charter as it was known at a time of what stands up to a position, that included.
    func charter(asOf time: Timestamp, upTo position: Position) -> Charter? {
        last { $0.recorded <= time && $0.position <= position }
    }

    /// The last charter for which something holds that holds for all before it.
    private func last(where isBefore: (Charter) -> Bool) -> Charter? {
        var (low, high) = (0, charters.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(charters[middle]) { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? charters[low - 1] : nil
    }
}
