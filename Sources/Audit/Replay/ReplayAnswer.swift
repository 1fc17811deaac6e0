public import Clearance
public import EventLog
public import JSON
public import Views

/// What was answered about something at a moment.
public struct ReplayAnswer: Sendable {
    public let known: KnownMoment
    /// The time at which it is true, if that was asked for.
    public let occurred: Timestamp?
    /// As the view answers it: objects of JSON, one a line.
    public internal(set) var lines: [[UInt8]] = []
    /// By which events what was true at a time and what was known at that time differ; nil if that was not asked for, or
    /// nothing is told of it.
    public internal(set) var account: TrueAccount?
    /// How the file as it was true differs from the file as it was known then.
    public internal(set) var otherwise: Difference?

    // What the lines are made of, for those who print it otherwise.
    public internal(set) var file: (any CaseFile)?
    public internal(set) var page: BoardPage?
    public internal(set) var report: ReportAnswer?
    public internal(set) var timeline: [Timeline.Step]?

    init(known: KnownMoment, occurred: Timestamp?) {
        (self.known, self.occurred) = (known, occurred)
    }

    /// Each line with an end.
    public var json: [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }

    /// A file as it was true, with what is known, and by which events and where it differs from what was known then: one
    /// object.
    public func writeTruth(to writer: inout JSONWriter) {
        writer.object { writer in
            known.write(to: &writer)
            if let occurred { writer.member("true", occurred.description) }
            writer.key("file")
            writer.raw(lines.first ?? Array("null".utf8))
            writer.key("deviations")
            writer.array { writer in
                for deviation in account?.deviations ?? [] {
                    writer.object { writer in
                        writer.member("position", Int64(clamping: deviation.position))
                        writer.member("cause", deviation.cause.rawValue)
                        if let by = deviation.by { writer.member("by", Int64(clamping: by)) }
                    }
                }
            }
            writer.key("differences")
            (otherwise ?? Difference()).write(to: &writer)
        }
    }
}
