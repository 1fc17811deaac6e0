/// A request that has been checked and laid out for the writer: what is independent of its place in the log is done.
struct PreparedRequest: Sendable {
    /// One event's places in the request's arrays.
    struct Event: Sendable {
        /// Where its entry's bytes after the recorded time lie in ``bodies``.
        var body: Range<Int>
        /// Where its hashes lie in ``keys``: the id's, the type's, then the tags'.
        var keys: Range<Int>
        /// Where its disclosures lie in ``disclosures``.
        var disclosures: Range<Int>
    }

    /// The entries without their beginning: `,"agency":…,"tags":[…],"event":{…}}`, one after another.
    var bodies: [UInt8] = []
    /// The hashes to file the events under.
    var keys: [UInt64] = []
    var disclosures: [[UInt8]] = []
    var events: [Event] = []
    var conditions: [AppendCondition] = []
    var recordedBefore: Timestamp?
    /// The hashes of the events' ids.
    var ids: [UInt64] = []
    /// Whether two of the events may have the same id.
    var mayRepeatIDs = false
    /// The disclosures it cuts, or nil.
    var cut: DisclosureCut?

    /// How many bytes it holds, about.
    var byteCount: Int {
        bodies.count + keys.count * 8 + disclosures.reduce(0) { $0 + $1.count } + conditions.count * 64
            + (cut?.places.count ?? 0) * 16
    }
}
