package import EventLog

/// What of a log is exported.
package struct MiningScope: Sendable, Hashable {
    /// The log as it was at this size: entries from there on are not there.
    package let position: Position
    /// The first position that counts.
    package var from: Position = 0
    /// Only what happened at this time or after it, as events say.
    package var since: Timestamp?
    /// Only what happened before this time.
    package var until: Timestamp?
    /// Only what happened at this port: as the event says, else the lodgement of the declaration that it names.
    package var port: String?
    /// The kinds of objects, in their order.
    package var kinds = MiningVocabulary.kinds

    package init(at position: Position) {
        self.position = position
    }
}

/// How much may be held in memory while something is exported. What goes beyond is refused, and nothing is cut off in silence.
package struct MiningLimits: Sendable {
    /// Objects that are named.
    package var objects = 1_000_000
    /// Values of objects and relations between them, together.
    package var values = 4_000_000
    /// Events of one trace.
    package var traceEvents = 100_000

    package init() {}
}

/// What an export came to.
package struct MiningSummary: Sendable, Hashable {
    /// Events that were written; in traces, each as often as it stands in one.
    package var events = 0
    /// Of these, those about no object.
    package var unrelated = 0
    package var objects = 0
    /// Pairs of event and object.
    package var relations = 0
    package var traces = 0

    package init() {}
}
