public import EventLog

extension DisclosureDeadlines {
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
        due(stage == .check ? check : isPublished ? answer : answerUnpublished, after: recorded)
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
