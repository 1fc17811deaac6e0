public import EventLog

/// Until when requests for disclosure must be checked and decided: a policy of the port. The defaults are those of a local
/// rule of Shanxi (March 2024): 2 working days to check, 5 to answer, 10 if the data is not published yet.
public struct DisclosureDeadlines: Sendable, Hashable {
    public let daysToCheck: Int
    public let daysToAnswer: Int
    /// If what is asked for is not in the exchange yet.
    public let daysIfUnpublished: Int
    public let calendar: WorkingCalendar

    /// - Parameter calendar: The port's working days; the numbers of days are from 1 to 366.
    public init(
        daysToCheck: Int = 2, daysToAnswer: Int = 5, daysIfUnpublished: Int = 10, calendar: WorkingCalendar
    ) throws(ExchangeError) {
        for days in [daysToCheck, daysToAnswer, daysIfUnpublished] where !(1...366).contains(days) {
            throw ExchangeError(.malformedCharter, "A deadline of \(days) working days; give 1 to 366.")
        }
        self.daysToCheck = daysToCheck
        self.daysToAnswer = daysToAnswer
        self.daysIfUnpublished = daysIfUnpublished
        self.calendar = calendar
    }

    /// What is due.
    public enum Stage: String, Sendable, Hashable {
        case check, answer
    }

    /// A request that was not dealt with in time.
    public struct Late: Sendable, Hashable {
        public let request: RequestRecord
        public let stage: Stage
        /// The first moment that was too late.
        public let due: Timestamp
        /// When it was done after all, or nil.
        public let done: Timestamp?
    }

    /// The first moment that is too late for a request recorded at a time.
    public func due(_ stage: Stage, recorded: Timestamp, isPublished: Bool = true) -> Timestamp {
        let days = stage == .check ? daysToCheck : isPublished ? daysToAnswer : daysIfUnpublished
        return calendar.end(ofWorkingDay: days, after: recorded)
    }

    /// The requests that at some time are late or were dealt with late, in the order given; one that is late with both
    /// stages is there twice. A decision or a return counts as a check too; a request closed with its case is late only if
    /// its time was over before.
    ///
    /// - Parameter isPublished: Whether what a request asks for was in the exchange when it came.
    /// - Complexity: O(*n* · *d*) in the numbers of requests and of days to the deadlines.
    public func late(
        _ requests: some Sequence<RequestRecord>, at time: Timestamp,
        isPublished: (RequestRecord) -> Bool = { _ in true }
    ) -> [Late] {
        requests.flatMap { request in
            let checked = request.check?.at.time ?? request.ended?.time
            let stages: [(Stage, Timestamp?)] = [(.check, checked), (.answer, request.ended?.time)]
            return stages.compactMap { stage, moment in
                let due = due(stage, recorded: request.at.time, isPublished: isPublished(request))
                let done = moment.flatMap { $0 <= time ? $0 : nil }
                return (done ?? time) >= due ? Late(request: request, stage: stage, due: due, done: done) : nil
            }
        }
    }
}
