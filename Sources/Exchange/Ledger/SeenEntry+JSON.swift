internal import EventLog
public import JSON
internal import Transparency

extension SeenEntry {
    /// Writes what is seen as an object: position, recorded, agency, tags, event, and what is withheld or gone; or position
    /// and stub.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(position))
            switch self {
            case .stub(_, let leaf):
                writer.member("stub", leaf.base64)
            case .entry(let event):
                writer.member("recorded", event.recorded.description)
                writer.member("agency", event.agency)
                writer.key("tags")
                writer.array { writer in
                    for tag in event.tags { writer.string(tag.text) }
                }
                writer.key("event")
                writer.raw(event.event)
                Self.write(event.withheld, event.gone, to: &writer)
                if let upcast = event.upcast { Self.write(upcast, to: &writer) }
            }
        }
    }

    private static func write(_ upcast: Upcast, to writer: inout JSONWriter) {
        writer.key("upcast")
        writer.object { writer in
            switch upcast {
            case .done(let uri): writer.member("from", uri)
            case .refused(let refusal):
                writer.member("refused", refusal.code.rawValue)
                writer.member("reason", refusal.reason)
                guard !refusal.pointers.isEmpty else { return }
                writer.key("paths")
                writer.array { writer in for pointer in refusal.pointers { writer.string(pointer) } }
            }
        }
    }

    /// Writes the members `withheld` and `gone`, each if there is any.
    static func write(_ withheld: [Withheld], _ gone: [Gone], to writer: inout JSONWriter) {
        if !withheld.isEmpty {
            writer.key("withheld")
            writer.array { writer in
                for field in withheld {
                    writer.object { writer in
                        writer.member("path", field.pointer)
                        writer.member("class", field.reason.sharingClass.rawValue)
                        writer.member("compartment", field.reason.compartment)
                        writer.member("owner", field.reason.owner)
                    }
                }
            }
        }
        guard !gone.isEmpty else { return }
        writer.key("gone")
        writer.array { writer in
            for field in gone {
                writer.object { writer in
                    writer.member("path", field.pointer)
                    writer.member("cause", field.cause.rawValue)
                }
            }
        }
    }
}
