public import EventLog
internal import JSON

/// The last line of an answer to a verifiable read: which part of the range it covers. It shows that nothing was cut off.
public struct ReadEnding: Sendable, Hashable {
    /// The part of the range that was looked at: all of it, unless a limit ended the answer.
    public let from: Position
    public let to: Position
    /// How many positions stand in the answer, stubs too.
    public let entries: UInt64

    init(from: Position, to: Position, entries: UInt64) {
        self.from = from
        self.to = to
        self.entries = entries
    }

    /// The line, without its newline.
    public var line: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 64)
        writer.object { writer in
            writer.key("end")
            writer.object { writer in
                writer.member("from", Int64(from))
                writer.member("to", Int64(to))
                writer.member("entries", Int64(entries))
            }
        }
        return writer.bytes
    }

    /// Reads the line.
    init(_ root: JSONValue) throws(ExchangeError) {
        let outer = try EventDataReader(root, keys: ["end"])
        let end = try outer.required("end", outer.object("end", keys: ["from", "to", "entries"]))
        from = try end.required("from", end.position("from"))
        to = try end.required("to", end.position("to"))
        entries = try end.required("entries", end.position("entries"))
        guard from <= to else { throw end.fault("The end of the range is before its beginning.", at: "to") }
    }
}
