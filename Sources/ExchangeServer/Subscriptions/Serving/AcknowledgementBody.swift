internal import EventLog
internal import ExchangeProtocol
internal import JSON

/// What a consumer says became of deliveries: `{"acknowledged":[…],"rejected":[{"position":…,"reason":…,"retry":…}]}`.
struct AcknowledgementBody: Sendable, Hashable {
    let acknowledged: [Position]
    let rejected: [Rejection]

    init(_ body: [UInt8]) throws(Problem) {
        guard let root = try? JSONDocument(parsing: body).root, root.kind == .object,
            root.members.allSatisfy({ ["acknowledged", "rejected"].contains($0.key) })
        else {
            throw Self.malformed(
                "It is {\"acknowledged\":[POSITION,…],\"rejected\":[{\"position\":…,\"reason\":…}]}, each if there is any."
            )
        }
        acknowledged = try Self.positions(root["acknowledged"], "acknowledged")
        rejected = try Self.rejections(root["rejected"])
        let all = acknowledged + rejected.map(\.position)
        try Self.checkCount(all.count)
        guard Set(all).count == all.count else { throw Self.malformed("A position is named twice.") }
    }

    /// The positions of an array, each once; none if there is none.
    static func positions(_ value: JSONValue?, _ name: String) throws(Problem) -> [Position] {
        guard let value else { return [] }
        let positions = value.elements.compactMap { $0.integer.flatMap { Position(exactly: $0) } }
        guard value.kind == .array, positions.count == value.elements.count else {
            throw malformed("“\(name)” is an array of positions.")
        }
        return positions
    }

    static func checkCount(_ count: Int) throws(Problem) {
        guard count <= SubscriptionLimits.positionsPerRequest else {
            throw Problem(
                422, "limitExceeded", "A limit is exceeded",
                "A request is about at most \(SubscriptionLimits.positionsPerRequest) positions. Send more requests.")
        }
    }

    private static func rejections(_ value: JSONValue?) throws(Problem) -> [Rejection] {
        guard let value else { return [] }
        guard value.kind == .array else { throw malformed("“rejected” is an array of objects.") }
        var rejections: [Rejection] = []
        for element in value.elements {
            guard let position = element["position"]?.integer.flatMap({ Position(exactly: $0) }),
                let reason = element["reason"]?.string, !reason.isEmpty,
                element.members.allSatisfy({ ["position", "reason", "retry"].contains($0.key) }),
                element["retry"] == nil || element["retry"]?.bool != nil
            else {
                throw malformed("What is rejected is {\"position\":…,\"reason\":TEXT}, and “retry”, true or false.")
            }
            guard reason.utf8.count <= SubscriptionLimits.reasonBytes else {
                throw Problem(
                    422, "limitExceeded", "A limit is exceeded",
                    "A reason has at most \(SubscriptionLimits.reasonBytes) bytes; that for \(position) has more.")
            }
            rejections.append(
                Rejection(position: position, reason: reason, isRetried: element["retry"]?.bool ?? false))
        }
        return rejections
    }

    private static func malformed(_ detail: String) -> Problem { SubscriptionDefinition.malformed(detail) }
}
