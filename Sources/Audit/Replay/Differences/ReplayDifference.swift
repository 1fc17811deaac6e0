public import EventLog
public import Exchange
public import JSON

/// How an answer differs between two moments, and what came to the log between them.
public struct ReplayDifference: Sendable {
    /// An event about what is asked for that counts at one of the moments only.
    public struct Event: Sendable, Hashable {
        public let position: Position
        /// Whether it counts at the second moment; else at the first.
        public let hasCome: Bool
        public let recorded: String
        public let agency: String
        public let type: String
    }

    public let from: ReplayAnswer
    public let to: ReplayAnswer
    public let difference: Difference
    /// The events by which they differ, in the order of positions. Of reports none are told: there are as many as
    /// entries between the positions.
    public let events: [Event]

    /// Writes it as one object: both moments, `events`, `changes`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, answer) in [("from", from), ("to", to)] {
                writer.key(name)
                writer.object { writer in
                    answer.known.write(to: &writer)
                    if let occurred = answer.occurred { writer.member("true", occurred.description) }
                }
            }
            writer.key("events")
            writer.array { writer in
                for event in events {
                    writer.object { writer in
                        writer.member("position", Int64(clamping: event.position))
                        writer.member("kind", event.hasCome ? "appeared" : "went")
                        writer.member("recorded", event.recorded)
                        writer.member("agency", event.agency)
                        writer.member("type", event.type)
                    }
                }
            }
            writer.key("changes")
            difference.write(to: &writer)
        }
    }
}

extension Replay {
    /// How what is answered about something differs between two moments.
    ///
    /// - Throws: ``ReplayError``.
    /// - Complexity: As two answers, and O(*n*) in what they say.
    public func difference(
        of subject: ReplaySubject, from first: Moment, to second: Moment, for reader: Reader
    ) async throws(ReplayError) -> ReplayDifference {
        let (old, new) = (
            try await answer(subject, at: first, for: reader), try await answer(subject, at: second, for: reader)
        )
        let (before, after) = (Self.events(in: old.lines), Self.events(in: new.lines))
        let positions = Set(before.keys).symmetricDifference(after.keys).sorted()
        let events = positions.compactMap { position -> ReplayDifference.Event? in
            guard let event = after[position] ?? before[position] else { return nil }
            return ReplayDifference.Event(
                position: position, hasCome: after[position] != nil, recorded: event.recorded, agency: event.agency,
                type: event.type)
        }
        return ReplayDifference(
            from: old, to: new, difference: try Difference(of: old.lines, and: new.lines), events: events)
    }

    /// The events that an answer tells of: whatever in it has a position, a time recorded and an agency.
    private static func events(
        in lines: [[UInt8]]
    ) -> [Position: (recorded: String, agency: String, type: String)] {
        var found: [Position: (recorded: String, agency: String, type: String)] = [:]
        func look(_ value: JSONValue) {
            switch value.kind {
            case .object:
                if let position = value["position"]?.integer.flatMap({ Position(exactly: $0) }),
                    let recorded = value["recorded"]?.string, let agency = value["agency"]?.string
                {
                    let type = value["type"]?.string ?? found[position]?.type ?? ""
                    found[position] = (recorded, agency, type)
                }
                for (_, member) in value.members { look(member) }
            case .array: for element in value.elements { look(element) }
            default: break
            }
        }
        for line in lines {
            if let document = try? JSONDocument(parsing: line, limits: limits) { look(document.root) }
        }
        return found
    }

    private static let limits = JSONParser.Limits(maximumBytes: 256 << 20, maximumDepth: LogLimits.depth + 8)
}
