import EventLog
import JSON

/// Writes steps down as CloudEvents, with the tags that they are found by.
struct SampleEventWriter: Sendable {
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
    }

    /// The draft of a step.
    func draft(_ step: SampleStep) -> EventDraft {
        EventDraft(agency: step.act.agency.rawValue, tags: tags(of: step), event: event(of: step))
    }

    /// Writes a draft as one line of JSON: `{"agency":…,"tags":[…],"event":{…}}`.
    static func writeLine(_ draft: EventDraft, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("agency", draft.agency)
            writer.key("tags")
            writer.array { writer in
                for tag in draft.tags { writer.string(tag.text) }
            }
            writer.key("event")
            writer.raw(draft.event)
        }
        writer.endLine()
    }

    /// The CloudEvents 1.0 object of a step.
    private func event(of step: SampleStep) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 1200)
        let port = step.story.call.port
        writer.object { writer in
            writer.member("specversion", "1.0")
            writer.member("id", id(of: step.ordinal, in: step.story))
            writer.member("source", step.act.agency.source(at: port))
            writer.member("type", "sanhu." + step.act.name)
            writer.member("subject", subject(of: step).text)
            writer.member("time", step.time.text)
            writer.member("dataschema", "urn:sanhu:schema:\(step.act.name):1")
            writer.member("datacontenttype", "application/json")
            writer.member("correlationid", "sample-\(seed)-\(step.story.name)")
            if let cause = step.cause { writer.member("causationid", id(of: cause, in: step.story)) }
            writer.key("data")
            writer.object { writer in
                var payload = SamplePayload(step: step)
                payload.write(to: &writer)
            }
        }
        return writer.bytes
    }

    /// An id made of seed, story and step, so that no event of any seed has the id of another.
    private func id(of ordinal: Int, in story: SampleStep.Story) -> String {
        "sample-\(seed)-\(story.name)-\(SampleKeys.digits(ordinal, count: 2))"
    }

    /// What the event is about before all: the container for a move, the ship for a manifest, else the declaration.
    private func subject(of step: SampleStep) -> Tag {
        guard case .shipment(let shipment) = step.story else { return conveyance(step.story.call) }
        switch step.act {
        case .equipmentMoved(_, let container): return Tag(known: "container", shipment.containers[container])
        case .manifestLodged: return conveyance(shipment.call)
        default: return Tag(known: "declaration", shipment.number)
        }
    }

    /// What the event is found by. A manifest and a ship's crane know nothing of a declaration yet.
    private func tags(of step: SampleStep) -> [Tag] {
        let call = step.story.call
        let office = Tag(known: "office", step.act.agency.office(at: call.port))
        guard case .shipment(let shipment) = step.story else { return [conveyance(call), office] }
        let declaration = Tag(known: "declaration", shipment.number)
        let containers = shipment.containers.map { Tag(known: "container", $0) }
        let trader = Tag(known: "enterprise", shipment.trader.code)
        let permits = shipment.permit.map { [Tag(known: "permit", $0)] } ?? []
        switch step.act {
        case .manifestLodged:
            return [conveyance(call)] + containers + [office]
        case .equipmentMoved(.discharge, let container):
            return [containers[container], conveyance(call), office]
        case .equipmentMoved(.load, let container):
            return [declaration, containers[container], conveyance(call), office]
        case .equipmentMoved(.gateIn, let container):
            return [containers[container], office]
        case .equipmentMoved(_, let container):
            return [declaration, containers[container], office]
        case .declarationLodged, .declarationAmended:
            let broker = Tag(known: "enterprise", shipment.broker.code)
            return [declaration] + containers + [trader, broker] + permits + [conveyance(call), office]
        case .permitVerified:
            return [declaration, trader] + permits + [office]
        case .inspectionOrdered, .inspectionNotified, .inspectionStarted, .inspectionCompleted,
            .holdPlaced, .holdLifted, .releaseGranted, .releaseCompleted:
            return [declaration] + containers + [trader, office]
        default:
            return [declaration, trader, office]
        }
    }

    private func conveyance(_ call: SampleCall) -> Tag {
        Tag(known: "conveyance", "IMO" + call.imo)
    }
}
