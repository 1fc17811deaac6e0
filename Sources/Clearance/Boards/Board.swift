public import EventLog
public import JSON

/// The time as of which a board is asked for: what is overdue, valid, standing follows from it and from nothing stored.
public struct BoardTime: Sendable, Hashable {
    public let time: Timestamp
    /// The day on which something must be valid: `YYYY-MM-DD`.
    public let day: String

    /// - Parameter day: If nil, that of the time at +08:00.
    public init(_ time: Timestamp, on day: String? = nil) {
        self.time = time
        self.day = day ?? PortRules.day(of: time)
    }
}

/// What one reader may know of one object of a board: a state that steps are folded into.
public protocol Board: Sendable, Hashable {
    static var kind: BoardKind { get }

    init(object: String, at time: BoardTime)

    /// The object, as people write it.
    var object: String { get }
    /// Whether nothing is known of it.
    var isEmpty: Bool { get }

    /// Takes in what happened next, in the order of positions.
    mutating func take(_ step: BoardStep)

    /// Writes what is in it beside the object, as docs/boards.md says.
    func writeState(to writer: inout JSONWriter)
}

extension Board {
    /// Writes it as one object.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("board", Self.kind.rawValue)
            writer.member("object", object)
            writeState(to: &writer)
        }
    }

    /// It as JSON.
    public var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1_024)
        write(to: &writer)
        return writer.bytes
    }
}
