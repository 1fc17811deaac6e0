internal import JSON

/// Saying why a request was refused.
enum AppendRefusal {
    /// The error for what broke a request: at least one conflict.
    static func error(_ conflicts: [AppendConflict], _ request: PreparedRequest) -> LogError {
        var sentences = conflicts.prefix(8).map { conflict in
            switch conflict {
            case .condition(let index, let position):
                "Condition \(index + 1) failed: the event at position \(position) matches "
                    + "“\(request.conditions[index].query)”. Read what has come and decide again."
            case .idReused(let event, let position):
                "\(subject(event, request)) has the source and id of the event at position \(position) but other content. "
                    + "Ids are unique for ever: give it an id of its own."
            case .idRepeated(let event, let earlier):
                "Event \(event + 1) has the source and id of event \(earlier + 1) of the same request but other content. "
                    + "Ids are unique for ever: give it an id of its own."
            case .beyondHead(let condition, let head):
                "Condition \(condition + 1) refers to a position that the log, with \(head) entries, has not reached."
            case .tooLate(let recorded):
                "The events would be recorded at \(recorded), too late for what they rest on. Decide again."
            }
        }
        if conflicts.count > 8 { sentences.append("And \(conflicts.count - 8) more.") }
        let code: LogError.Code =
            switch conflicts.first {
            case .idReused, .idRepeated: .idReused
            case .beyondHead: .positionBeyondHead
            default: .conditionFailed
            }
        return LogError(code, sentences.joined(separator: " "), conflicts: conflicts)
    }

    private static func subject(_ event: Int, _ request: PreparedRequest) -> String {
        request.events.count == 1 ? "The event" : "Event \(event + 1)"
    }

    /// Whether two entries say the same apart from when they were recorded, however their JSON is written.
    static func isSameContent(_ entry: [UInt8], _ other: [UInt8]) -> Bool {
        // An event as deep as it may be stands one deeper in its entry.
        let limits = JSONParser.Limits(maximumBytes: LogLimits.entryBytes, maximumDepth: LogLimits.depth + 1)
        guard let left = try? JSONDocument(parsing: entry, limits: limits).root,
            let right = try? JSONDocument(parsing: other, limits: limits).root
        else { return false }
        return ["agency", "tags", "event"].allSatisfy { key in
            guard let left = left[key], let right = right[key] else { return false }
            return JSONCanonicalForm.bytes(of: left) == JSONCanonicalForm.bytes(of: right)
        }
    }
}
