internal import LMDB
internal import Views

/// What figures look at of an event type: the fields of its data, in a fixed order.
///
/// Every type has a number, by which its facts are told apart: append new ones at the end, and give the view another version.
struct FigureVocabulary: Sendable {
    /// Without `sanhu.`.
    let type: String
    let number: UInt8
    let names: [String]
    let fields: FieldSet
    /// Attributes of the event that stand before the fields.
    static let attributes = ["id", "time"]

    private init(_ number: UInt8, _ type: String, _ names: [String]) {
        (self.type, self.number, self.names) = (type, number, names)
        fields = FieldSet(
            attributes: Self.attributes, fields: names.map { "/" + $0 }, longest: 1_024, together: 3_600)
    }

    static let all: [FigureVocabulary] = lines.enumerated().map { index, line in
        let words = line.split(separator: " ").map(String.init)
        return FigureVocabulary(UInt8(truncatingIfNeeded: index + 1), words[0], Array(words.dropFirst()))
    }

    private static let byType = Dictionary(uniqueKeysWithValues: all.map { ("sanhu." + $0.type, $0) })

    static func named(_ type: Span<UInt8>) -> FigureVocabulary? {
        byType[String(decoding: type.copied, as: UTF8.self)]
    }

    static func numbered(_ number: UInt8) -> FigureVocabulary? {
        all.indices.contains(Int(number) - 1) ? all[Int(number) - 1] : nil
    }

    static let types = all.map { "sanhu." + $0.type }

    /// A type, then its fields.
    private static let lines = [
        "declaration.lodged kind flow port mode zone perishable channel transportMode transport/mode transport/containers conveyance voyage preLodged office parties/importer parties/exporter",
        "declaration.accepted", "declaration.rejected concerns", "declaration.amended stage decision",
        "declaration.withdrawn stage decision", "declaration.examined result office unit powerItem",
        "declaration.reopened",
        "document.requested", "document.supplied", "information.requested",
        "notice.issued event type agency decidedAt outcome",
        "notice.acknowledged stage notice event party", "risk.assessed channel outcome",
        "inspection.ordered kind order unit method cause draw from to exclusions port powerItem voyage",
        "inspection.notified inspection orders participants recipients at port",
        "inspection.started inspection participants containers opened kinds voyage port unit",
        "inspection.completed inspection result kinds orders participants method findingIds opened voyage port unit",
        "image.reviewed image screen verdict conclusion algorithm participants",
        "lab.reported sample laboratory result",
        "result.recognised event by basis recognised", "recognition.revoked recognition",
        "disposition.decided matter decision finding inspection to unit powerItem",
        "quarantine.treated result port", "selection.drawn stage kind port", "audit.ordered kind method",
        "audit.completed kind result", "hold.placed scope reasonClass incident", "hold.lifted hold",
        "duty.assessed bill stage dueDate guarantee", "duty.paid bill paidOn", "guarantee.lodged bill guarantee kind",
        "guarantee.claimed guarantee bills dueDate", "permit.issued permit kind networked",
        "permit.verified permit item result automatic", "permit.writtenoff permit item quantity",
        "release.granted condition basis office", "release.completed port flow arrivedAt lodgedAt agencies",
        "clearance.closed", "conveyance.declared direction port voyage channel",
        "conveyance.arrived direction port voyage transport/mode", "conveyance.departed direction port voyage",
        "conveyance.decided direction port voyage decision", "manifest.lodged kind channel port",
        "manifest.decided decision", "equipment.moved move port direct sealIntact facility source",
        "seal.recorded act intact port", "deliveryorder.issued",
        "fee.charged code payer service waived waiver treasury list port",
        "violation.recorded published role", "credit.rated enterprise scheme rating kind from until",
        "record.corrected event permit", "refund.claimed departure", "refund.decided decision",
        "exchange.settled kind", "assistance.requested kind deadline owner asked", "assistance.answered result",
        "assistance.closed", "disclosure.requested owner purpose", "disclosure.decided outcome reasons",
        "disclosure.checked", "disclosure.disputed", "disclosure.expired",
        "incident.declared stage level kind ports exercise participants", "port.status.changed port status",
        "person.crossed",
    ]
}
