package import EventLog
package import Exchange
internal import JSON

/// Writes an object-centric event log, OCEL 2.0 in JSON: one document, the same bytes for the same scope and reader.
///
/// Events are written as they are read; objects are held until the end (``MiningLimits``), and the types with their attributes
/// come last, as those that occur.
package struct OCELExport {
    private let source: MiningSource
    private let limits: MiningLimits
    /// By type, the names of the attributes that occurred.
    private var eventTypes: [String: Set<String>] = [:]
    private var objects: MinedObjects
    private var summary = MiningSummary()

    private static let flushBytes = 64 << 10

    package init(_ source: MiningSource, limits: MiningLimits = MiningLimits()) {
        (self.source, self.limits) = (source, limits)
        objects = MinedObjects(limits)
    }

    /// Writes the document.
    ///
    /// - Parameter write: Gets the bytes, part by part.
    /// - Throws: ``ExchangeError``: `.limitExceeded` for more objects than are held, `.accessDenied` if the charter does not
    ///   confirm the reader. What was written is no document then.
    package mutating func run(
        progress: (Position, Position) -> Void = { _, _ in }, write: ([UInt8]) -> Void
    ) throws(ExchangeError) -> MiningSummary {
        var out = Array("{\"events\":[".utf8)
        var isFirst = true
        func flush(_ least: Int) {
            guard out.count >= least else { return }
            write(out)
            out.removeAll(keepingCapacity: true)
        }
        func begin() {
            out.append(contentsOf: isFirst ? "\n".utf8 : ",\n".utf8)
            isFirst = false
        }
        try source.events(progress: progress) { event throws(ExchangeError) in
            try take(event)
            begin()
            out += Self.json(event)
            flush(Self.flushBytes)
        }
        out += "\n],\"objects\":[".utf8
        isFirst = true
        for object in objects.all {
            begin()
            out += Self.json(object)
            flush(Self.flushBytes)
        }
        out += "\n],\n".utf8
        out += types()
        out += "}\n".utf8
        flush(0)
        summary.objects = objects.all.count
        return summary
    }

    private mutating func take(_ event: MinedEvent) throws(ExchangeError) {
        try objects.take(event)
        eventTypes[event.type, default: []].formUnion(event.attributes.map(\.name))
        summary.events += 1
        summary.relations += event.objects.count
        if event.relations.isEmpty { summary.unrelated += 1 }
    }

    private static func json(_ event: MinedEvent) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        writer.object { writer in
            writer.member("id", "\(event.position)")
            writer.member("type", event.type)
            writer.member("time", event.time.description)
            writer.key("attributes")
            writer.array { writer in
                let common: [(String, MinedValue)] = [
                    ("agency", .text(event.agency)), ("position", .integer(Int64(clamping: event.position))),
                    ("recorded", .time(event.recorded)),
                ]
                for (name, value) in common + event.attributes.map({ ($0.name, $0.value) }) {
                    writer.object { writer in
                        writer.member("name", name)
                        writer.key("value")
                        value.write(to: &writer)
                    }
                }
            }
            write(event.relations, to: &writer)
        }
        return writer.bytes
    }

    private static func json(_ object: MinedObjects.Object) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", object.tag.text)
            writer.member("type", String(object.tag.kind))
            writer.key("attributes")
            writer.array { writer in
                for (name, value, time) in object.values {
                    writer.object { writer in
                        writer.member("name", name)
                        writer.member("time", time.description)
                        writer.key("value")
                        value.write(to: &writer)
                    }
                }
            }
            write(object.relations, to: &writer)
        }
        return writer.bytes
    }

    private static func write(_ relations: [MinedEvent.Relation], to writer: inout JSONWriter) {
        writer.key("relationships")
        writer.array { writer in
            for relation in relations {
                writer.object { writer in
                    writer.member("objectId", relation.object.text)
                    writer.member("qualifier", relation.qualifier)
                }
            }
        }
    }

    /// The members `eventTypes` and `objectTypes`, without braces.
    private func types() -> [UInt8] {
        func list(_ key: String, _ types: [(String, [(name: String, kind: MinedValue.Kind)])]) -> [UInt8] {
            var writer = JSONWriter()
            writer.array { writer in
                for (name, attributes) in types {
                    writer.object { writer in
                        writer.member("name", name)
                        writer.key("attributes")
                        writer.array { writer in
                            for (name, kind) in attributes {
                                writer.object { writer in
                                    writer.member("name", name)
                                    writer.member("type", kind.rawValue)
                                }
                            }
                        }
                    }
                }
            }
            return Array("\"\(key)\":".utf8) + writer.bytes
        }
        let events = eventTypes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { type, names in
            (type, MiningVocabulary.common + MiningVocabulary.attributes.filter { names.contains($0.name) })
        }
        let kinds = source.objectKinds.map { ($0, MiningVocabulary.attributes(ofKind: $0)) }
        return list("eventTypes", events) + Array(",\n".utf8) + list("objectTypes", kinds) + Array("\n".utf8)
    }
}
