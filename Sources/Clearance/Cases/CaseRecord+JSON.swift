internal import EventLog
internal import JSON
internal import Views

/// Records as automations keep them: one object each, with one letter a member.
extension CaseRecord {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("e", Int64(step.event.rawValue))
            writer.member("p", Int64(step.position))
            writer.member("r", step.recorded.microseconds)
            writer.member("t", ifAny: step.time)
            writer.member("i", step.id)
            writer.member("s", ifAny: step.source)
            writer.member("a", step.agency)
            if !step.predecessors.isEmpty { writer.list("b", step.predecessors) }
            writer.key("f")
            writer.object { writer in
                for case (let name, .json(let json)) in step.fields {
                    writer.key(name)
                    writer.raw(json)
                }
            }
            writer.list("g", tags.map(\.text))
        }
    }

    /// - Returns: nil if it is none.
    init?(_ stored: JSONValue) {
        guard let event = stored["e"]?.integer.flatMap({ UInt8(exactly: $0) }).flatMap({ CaseEvent(rawValue: $0) }),
            let position = stored["p"]?.integer.flatMap({ Position(exactly: $0) }),
            let recorded = stored["r"]?.integer, let id = stored["i"]?.string, let agency = stored["a"]?.string,
            let fields = stored["f"], let tags = stored["g"]?.elements
        else { return nil }
        let values = event.fieldNames.map { name in fields[name].map { FactValue.json(Array($0.text)) } ?? .missing }
        self.init(
            CaseStep(
                event, at: position, Timestamp(microseconds: recorded), time: stored["t"]?.string, id: id,
                source: stored["s"]?.string, agency: agency,
                predecessors: stored["b"]?.elements.compactMap(\.string) ?? [], values),
            tags.compactMap { $0.string.flatMap { try? Tag($0) } })
    }
}
