import EventLog
import Foundation
import Testing

@testable import Interchange

/// An imported event, read back from its bytes.
struct Event {
    let agency: String
    let tags: [String]
    let members: [String: Any]

    var type: String { members["type"] as? String ?? "" }
    var id: String { members["id"] as? String ?? "" }
    var source: String { members["source"] as? String ?? "" }
    var subject: String { members["subject"] as? String ?? "" }
    var time: String? { members["time"] as? String }
    var data: [String: Any] { members["data"] as? [String: Any] ?? [:] }

    init(_ draft: EventDraft) throws {
        agency = draft.agency
        tags = draft.tags.map(\.text)
        members = try #require(try JSONSerialization.jsonObject(with: Data(draft.event)) as? [String: Any])
    }
}

/// What an import gave, all batches together.
struct Outcome {
    var batches: [ImportBatch] = []
    var summary = ImportSummary()

    init(_ importer: some Importer) {
        summary = importer.run { batches.append($0) }
    }

    var drafts: [EventDraft] { batches.flatMap(\.drafts) }

    func events() throws -> [Event] { try drafts.map(Event.init) }

    /// The types of the events, without their common beginning.
    func types() throws -> [String] { try events().map { String($0.type.dropFirst("sanhu.".count)) } }
}
