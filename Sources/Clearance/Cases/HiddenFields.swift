internal import JSON
internal import Views

extension JSONWriter {
    /// Writes of some fields which are withheld, and whom the reader may ask, and which are erased or lost; nothing if none is.
    mutating func hidden(_ fields: [(name: String, value: FactValue)]) {
        let withheld = fields.filter { if case .withheld = $0.value { true } else { false } }
        if !withheld.isEmpty {
            key("withheld")
            object { writer in
                for case (let name, .withheld(let reason)) in withheld {
                    writer.key(name)
                    reason.write(to: &writer)
                }
            }
        }
        let gone = fields.filter { $0.value == .erased || $0.value == .lost }
        if !gone.isEmpty {
            key("gone")
            object { writer in
                for field in gone { writer.member(field.name, field.value == .erased ? "erased" : "lost") }
            }
        }
    }
}
