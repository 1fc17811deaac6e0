package import EventLog
package import Exchange

/// Writes traces of the objects of one kind, XES 1.0 (IEEE 1849): one document, the same bytes for the same scope and reader.
///
/// The log is read once for the objects, of which only the names are held, and then by the index for each trace.
package struct XESExport {
    private let source: MiningSource
    /// Whose traces: a kind of object.
    private let kind: String
    private let limits: MiningLimits
    private var bytes: [UInt8] = []
    private var summary = MiningSummary()

    private static let flushBytes = 64 << 10

    /// - Parameter kind: Of objects; one of those that the source exports.
    package init(_ source: MiningSource, kind: String, limits: MiningLimits = MiningLimits()) {
        (self.source, self.kind, self.limits) = (source, kind, limits)
    }

    /// Writes the document.
    ///
    /// - Parameters:
    ///   - progress: Gets how much is done, and of how much.
    ///   - write: Gets the bytes, part by part.
    /// - Throws: ``ExchangeError``: `.limitExceeded`, `.accessDenied`. What was written is no document then.
    package mutating func run(
        progress: (Position, Position) -> Void = { _, _ in }, write: ([UInt8]) -> Void
    ) throws(ExchangeError) -> MiningSummary {
        let objects = try named(progress)
        begin()
        for (index, object) in objects.enumerated() {
            try trace(of: object)
            progress(Position(index), Position(objects.count))
            guard bytes.count >= Self.flushBytes else { continue }
            write(bytes)
            bytes.removeAll(keepingCapacity: true)
        }
        line(0, "</log>")
        write(bytes)
        (summary.objects, summary.traces) = (objects.count, objects.count)
        return summary
    }

    /// The objects, in the order in which events first name them.
    private func named(_ progress: (Position, Position) -> Void) throws(ExchangeError) -> [Tag] {
        var objects: [Tag] = []
        var known: Set<Tag> = []
        try source.events(progress: progress) { event throws(ExchangeError) in
            for object in event.objects where object.isOf(kind: kind) && known.insert(object).inserted {
                guard objects.count < limits.objects else { throw MiningFault.tooMuch("\(limits.objects) objects") }
                objects.append(object)
            }
        }
        return objects
    }

    private mutating func begin() {
        line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        line(0, "<log xes.version=\"1.0\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">")
        for (name, prefix) in [
            ("Concept", "concept"), ("Lifecycle", "lifecycle"), ("Organizational", "org"), ("Time", "time"),
        ] {
            line(
                1,
                "<extension name=\"\(name)\" prefix=\"\(prefix)\" uri=\"http://www.xes-standard.org/\(prefix).xesext\"/>"
            )
        }
        line(1, "<global scope=\"trace\">")
        attribute(2, "concept:name", .text("-"))
        line(1, "</global>")
        line(1, "<global scope=\"event\">")
        attribute(2, "concept:name", .text("-"))
        attribute(2, "lifecycle:transition", .text("complete"))
        attribute(2, "org:resource", .text("-"))
        attribute(2, "time:timestamp", .time(Timestamp(microseconds: 0)))
        line(1, "</global>")
        line(1, "<classifier name=\"Event\" keys=\"concept:name\"/>")
        line(1, "<classifier name=\"Event and agency\" keys=\"concept:name org:resource\"/>")
        attribute(1, "concept:name", .text("\(source.origin) \(kind)"))
        attribute(1, "origin", .text(source.origin))
        attribute(1, "position", .integer(Int64(clamping: source.scope.position)))
        attribute(1, "root", .text(source.root))
    }

    private mutating func trace(of object: Tag) throws(ExchangeError) {
        var events: [MinedEvent] = []
        var told = MinedObjects(limits)
        try source.events(about: object) { event throws(ExchangeError) in
            guard events.count < limits.traceEvents else {
                throw MiningFault.tooMuch("\(limits.traceEvents) events of one trace (\(object.text))")
            }
            events.append(event)
            try told.take(event)
        }
        line(1, "<trace>")
        attribute(2, "concept:name", .text(String(object.value)))
        let values = told.all.first { $0.tag == object }?.values ?? []
        var last: [String: MinedValue] = [:]
        for value in values { last[value.name] = value.value }
        for (name, value) in last.sorted(by: { $0.key < $1.key }) { attribute(2, name, value) }
        // As they happened; what happened at one time in the order of the log.
        events.sort { ($0.time, $0.position) < ($1.time, $1.position) }
        for event in events { self.event(event) }
        line(1, "</trace>")
        summary.events += events.count
        summary.relations += events.count
    }

    private mutating func event(_ event: MinedEvent) {
        line(2, "<event>")
        attribute(3, "concept:name", .text(event.type))
        attribute(3, "lifecycle:transition", .text("complete"))
        attribute(3, "org:resource", .text(event.agency))
        attribute(3, "time:timestamp", .time(event.time))
        if let unit = event.value("unit"), !MiningVocabulary.measuring.contains(event.type) {
            attribute(3, "org:group", unit)
        }
        attribute(3, "position", .integer(Int64(clamping: event.position)))
        attribute(3, "recorded", .time(event.recorded))
        for (name, value) in event.attributes { attribute(3, name, value) }
        line(2, "</event>")
    }

    private mutating func attribute(_ depth: Int, _ key: String, _ value: MinedValue) {
        indent(depth)
        bytes += "<\(value.element) key=\"".utf8
        XMLText.append(key, to: &bytes)
        bytes += "\" value=\"".utf8
        XMLText.append(value.text, to: &bytes)
        bytes += "\"/>\n".utf8
    }

    private mutating func line(_ depth: Int, _ text: String) {
        indent(depth)
        bytes += text.utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func indent(_ depth: Int) {
        for _ in 0..<depth { bytes.append(UInt8(ascii: "\t")) }
    }
}

extension MinedValue {
    /// The XES element that holds it.
    fileprivate var element: String {
        switch self {
        case .text: "string"
        case .integer: "int"
        case .decimal: "float"
        case .flag: "boolean"
        case .time: "date"
        }
    }
}
