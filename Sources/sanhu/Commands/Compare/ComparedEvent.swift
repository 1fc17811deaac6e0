import EventLog
import Exchange
import JSON

/// An event as several readers see it.
struct ComparedEvent: Sendable {
    /// What one of them is given of a field.
    enum Cell: Sendable, Hashable {
        /// Its value as JSON.
        case given(String)
        /// The event has no such field, or not there.
        case absent
        /// It is withheld by its owner.
        case withheld(String)
        case erased, lost
        /// The whole event is a stub to the reader.
        case sealed
    }

    let position: Position
    let time: String
    let agency: String
    let type: String
    /// Members of the data that are short and denied to none of those who are given the event: what happened, for a person.
    let summary: [(name: String, value: String)]
    /// Whether each reader is given the event.
    let isSeen: [Bool]
    /// The fields that are withheld from any of them, with what each is given.
    let fields: [(pointer: String, cells: [Cell])]

    /// - Parameters:
    ///   - object: Whose story it is: its name is not told again.
    ///   - seen: What each reader is given of the entry, nil for one to whom it is a stub; one at least is given it.
    init?(_ position: Position, about object: Tag, _ seen: [SeenEntry.Event?]) {
        guard let first = seen.compactMap(\.self).first else { return nil }
        let roots = seen.map { $0.flatMap { try? JSONDocument(parsing: $0.event).root } }
        let root = roots.compactMap(\.self).first
        self.position = position
        time = root?["time"]?.string ?? first.recorded.description
        agency = first.agency
        type = root?["type"]?.string ?? "?"
        isSeen = seen.map { $0 != nil }
        var pointers: [String] = []
        for event in seen.compactMap(\.self) {
            for pointer in event.withheld.map(\.pointer) + event.gone.map(\.pointer) where !pointers.contains(pointer) {
                pointers.append(pointer)
            }
        }
        // Elements of a list stand in the list.
        let whole = pointers.filter { pointer in !pointers.contains { pointer.hasPrefix($0 + "/") } }
        fields = whole.map { pointer in
            (pointer, zip(seen, roots).map { Self.cell(of: $0, $1, at: pointer) })
        }.filter { field in
            // Where those who may know are given nothing, there is nothing.
            !field.cells.contains(.absent) || field.cells.contains { if case .given = $0 { true } else { false } }
        }
        summary = Self.summary(root?["data"], without: pointers).filter { $0.1 != object.value }
    }

    private static func cell(of event: SeenEntry.Event?, _ root: JSONValue?, at pointer: String) -> Cell {
        guard let event, let root else { return .sealed }
        if let withheld = event.withheld.first(where: { $0.pointer == pointer }) {
            return .withheld(withheld.reason.owner)
        }
        if let gone = event.gone.first(where: { $0.pointer == pointer }) {
            return gone.cause == .erased ? .erased : .lost
        }
        guard let value = JSONPointer(pointer).flatMap({ root["data"]?.value(at: $0) }) else { return .absent }
        return .given(String(decoding: value.text, as: UTF8.self))
    }

    private static func summary(_ data: JSONValue?, without pointers: [String]) -> [(String, String)] {
        (data?.members ?? []).compactMap { name, value in
            guard !pointers.contains(where: { $0 == "/" + name || $0.hasPrefix("/" + name + "/") }),
                let text = value.string
                    ?? (value.elements.isEmpty && value.members.isEmpty
                        ? String(decoding: value.text, as: UTF8.self) : nil),
                text.utf8.count <= 40
            else { return nil }
            return (name, text)
        }
    }

    /// Writes it as one line of JSON.
    func write(to writer: inout JSONWriter, _ readers: [String]) {
        writer.object { writer in
            writer.member("position", Int64(position))
            writer.member("time", time)
            writer.member("agency", agency)
            writer.member("type", type)
            writer.key("readers")
            writer.array { writer in
                for (index, name) in readers.enumerated() { write(index, name, to: &writer) }
            }
        }
    }

    private func write(_ index: Int, _ name: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("as", name)
            writer.key("sees")
            writer.bool(isSeen[index])
            guard isSeen[index], !fields.isEmpty else { return }
            writer.key("fields")
            writer.object { writer in
                for (pointer, cells) in fields {
                    writer.key(pointer)
                    switch cells[index] {
                    case .given(let json):
                        writer.object { writer in
                            writer.key("value")
                            writer.raw(Array(json.utf8))
                        }
                    case .absent, .sealed: writer.string("absent")
                    case .withheld(let owner): writer.object { $0.member("withheld", owner) }
                    case .erased: writer.string("erased")
                    case .lost: writer.string("lost")
                    }
                }
            }
        }
    }
}
