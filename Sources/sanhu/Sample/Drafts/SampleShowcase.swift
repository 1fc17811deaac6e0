import EventLog
import JSON

/// What to ask the ledger for to see one good story: lodged, accepted, flagged, inspected by two agencies at once, duty
/// paid, released by both, out of the gate.
struct SampleShowcase: Hashable, Sendable {
    /// The declaration's tag.
    let declaration: Tag
    /// The tag of its container, which also finds what happened before anything was declared.
    let container: Tag

    init(of shipment: SampleShipment) {
        declaration = Tag(known: "declaration", shipment.number)
        container = Tag(known: "container", shipment.containers[0])
    }

    /// Writes both as one line of JSON: `{"declaration":"declaration:…","container":"container:…"}`.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("declaration", declaration.text)
            writer.member("container", container.text)
        }
        writer.endLine()
    }
}
