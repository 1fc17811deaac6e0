internal import EventLog

/// Checks that the positions of an answer are those that it must have: in order, each once, all of them where it has all.
struct PositionCheck: Sendable {
    private let heading: ReadHeading
    private var last: Position?
    private var count: UInt64 = 0
    /// When what was last seen was recorded.
    private var lastRecorded: Timestamp?

    init(_ heading: ReadHeading) {
        self.heading = heading
    }

    /// Takes the next position.
    ///
    /// - Throws: ``ReadVerificationError``: `.outsideRange`, `.repeatedPosition`, `.missingPosition`.
    mutating func take(_ position: Position) throws(ReadVerificationError) {
        guard position >= heading.from, position < heading.to else {
            throw ReadVerificationError(
                .outsideRange, "Position \(position) is not in the range from \(heading.from) to \(heading.to).")
        }
        if let last, heading.isBackwards ? position >= last : position <= last {
            throw ReadVerificationError(
                .repeatedPosition, "Position \(position) comes after \(last): it is repeated or out of order.")
        }
        if heading.query.matchesAll {
            let next = heading.isBackwards ? (last ?? heading.to) - 1 : last.map { $0 + 1 } ?? heading.from
            guard position == next else {
                throw ReadVerificationError(
                    .missingPosition, "Position \(next) is missing; position \(position) stands in its place.")
            }
        }
        last = position
        count += 1
    }

    /// Takes the time of the position that was taken last: recorded times never go back.
    ///
    /// - Throws: ``ReadVerificationError`` with code `.notAnEntry`.
    mutating func take(_ recorded: Timestamp) throws(ReadVerificationError) {
        if let lastRecorded, heading.isBackwards ? recorded > lastRecorded : recorded < lastRecorded {
            throw ReadVerificationError(
                .notAnEntry, "The entry was recorded at a time that the one before it in the answer rules out.")
        }
        lastRecorded = recorded
    }

    /// Takes the last line.
    ///
    /// - Throws: ``ReadVerificationError``: `.cutShort`, `.outsideRange`, `.missingPosition`.
    func end(_ ending: ReadEnding) throws(ReadVerificationError) {
        guard ending.entries == count else {
            throw ReadVerificationError(
                .cutShort, "The last line says that there are \(ending.entries) positions; there are \(count).")
        }
        // A limit may end an answer before its range does; it then covers what is up to its last position.
        let isWhole = ending.from == heading.from && ending.to == heading.to
        let isPart =
            heading.isBackwards
            ? ending.to == heading.to && ending.from == last ?? heading.to
            : ending.from == heading.from && ending.to == last.map { $0 + 1 } ?? heading.from
        guard isWhole || isPart else {
            throw ReadVerificationError(
                .outsideRange,
                "The last line speaks of the range from \(ending.from) to \(ending.to), which is not what was given.")
        }
        if heading.query.matchesAll, ending.to - ending.from != count {
            throw ReadVerificationError(
                .missingPosition, "\(ending.to - ending.from - count) positions are missing at the end.")
        }
    }
}
