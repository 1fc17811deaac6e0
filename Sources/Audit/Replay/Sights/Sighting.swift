public import EventLog
public import Exchange
public import JSON

/// What a reader could see of an entry at a moment, field by field, and by what.
public struct Sighting: Sendable {
    /// By what a field was opened or closed.
    public enum Basis: Sendable, Hashable {
        case opened(DisclosureBasis)
        /// A prohibition, by its id.
        case prohibited(String)
        /// No rule and no grant opened it.
        case nothing
    }

    /// What who asks may see of the value now.
    public enum Value: Sendable, Hashable {
        /// JSON.
        case json([UInt8])
        /// Who asks may not see it.
        case withheld
        case erased, lost
        /// The event has none.
        case missing
    }

    public struct Field: Sendable {
        /// Where it stands in the data; empty for a whole event.
        public let pointer: String
        public let sharingClass: SharingClass
        public let compartment: String
        public let owner: String
        public let basis: Basis
        /// Of a field that could be seen; nil of one that could not.
        public let value: Value?

        /// Whether the reader could see it.
        public var isOpen: Bool { if case .opened = basis { true } else { false } }
    }

    public let position: Position
    public let recorded: Timestamp
    /// Nil if the entry is a stub to who asks.
    public let agency: String?
    public let type: String?
    /// Whether the reader could see the entry; nil if who asks may not be told that.
    public let isSeen: Bool?
    /// Those of which who asks may be told.
    public let fields: [Field]

    /// Writes it as one object, as docs/replay.md says.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: position))
            if let agency, let type {
                writer.member("recorded", recorded.description)
                writer.member("agency", agency)
                writer.member("type", type)
            } else {
                writer.key("stub")
                writer.bool(true)
            }
            if let isSeen {
                writer.key("seen")
                writer.bool(isSeen)
            }
            writer.key("fields")
            writer.array { writer in for field in fields { field.write(to: &writer) } }
        }
    }
}

extension Sighting.Field {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("path", pointer)
            writer.member("class", sharingClass.rawValue)
            writer.member("compartment", compartment)
            writer.member("owner", owner)
            writer.key("open")
            writer.bool(isOpen)
            switch basis {
            case .opened(.owner): writer.member("by", "owner")
            case .opened(.sender): writer.member("by", "sender")
            case .opened(.sharingClass): writer.member("by", "class")
            case .opened(.rule(let id)):
                writer.member("by", "rule")
                writer.member("rule", id)
            case .opened(.grant(let position)):
                writer.member("by", "grant")
                writer.member("grant", Int64(clamping: position))
            case .prohibited(let id):
                writer.member("by", "prohibition")
                writer.member("rule", id)
            case .nothing: writer.member("by", "nothing")
            }
            switch value {
            case .json(let json):
                writer.key("value")
                writer.raw(json)
            case .withheld: writer.member("value-is", "withheld")
            case .erased: writer.member("value-is", "erased")
            case .lost: writer.member("value-is", "lost")
            case .missing: writer.member("value-is", "missing")
            case nil: break
            }
        }
    }
}
