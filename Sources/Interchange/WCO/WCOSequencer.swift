/// Orders the messages of a scenario by what happened, and finds a time for those that carry none.
///
/// * Answers of the authority stand at their issue time, ties in the order of the file names (their sequence numbers).
/// * A lodgement comes before every answer to it. Its time is, in this order: when the gateway received it, its own
///   issue time, when a report says its first version was stored, the issue time of the first answer. The last two are
///   times it happened no later than; `timeBasis` in its data tells which was taken. Acceptance times are not used:
///   for supplementary declarations they lie weeks before the lodgement.
/// * A request (amendment, withdrawal, presentation) comes before the answers to it: before the receipt the authority
///   gave for it, or what else answers it first.
/// * A movement stands at its own time; one without a time stands before the next movement of the same consignment.
///
/// Without any of this a lodgement comes first, a request after the lodgement, and there is no time in the event.
struct WCOSequencer {
    /// How a time was come by; `stated` where the message itself says it.
    enum Basis: String, Sendable {
        case stated
        case received
        case stored
        case answered
    }

    struct Placed: Sendable {
        let message: WCOMessage
        let time: MessageTime?
        let basis: Basis
        /// A remark on a time that contradicts what must have happened first.
        var remark: String?
        /// For an answer to a request: what was asked.
        var answers: WCOMessage.Request?
        fileprivate var sortTime: MessageTime?
        fileprivate var rank: Int
    }

    private let references: ScenarioReferences
    private let messages: [WCOMessage]

    init(_ messages: [WCOMessage], references: ScenarioReferences) {
        self.messages = messages
        self.references = references
    }

    /// The messages in order, without the reports.
    ///
    /// - Complexity: O(*n* log *n*) in the number of messages, and O(*n*) for each request and movement.
    func placed() -> [Placed] {
        var answers: [String: [WCOMessage]] = [:]
        var requests: [String: [WCOMessage]] = [:]
        var stored: [String: [ReportReader.Version]] = [:]
        for message in messages {
            let key = references.key(of: message) ?? ""
            switch message.kind {
            case .response: answers[key, default: []].append(message)
            case .request: requests[key, default: []].append(message)
            case .report:
                for version in ReportReader.versions(in: message.body) {
                    if let number = version.number { stored["declaration:" + number, default: []].append(version) }
                }
            case .lodgement, .movement: break
            }
        }
        for key in answers.keys { answers[key]?.sort(by: Self.isIssuedEarlier) }
        var result: [Placed] = []
        for message in messages {
            let key = references.key(of: message) ?? ""
            let caseAnswers = answers[key] ?? []
            switch message.kind {
            case .lodgement: result.append(lodgement(message, caseAnswers, stored[key] ?? []))
            case .request: break
            case .movement: result.append(movement(message))
            case .response:
                result.append(
                    Placed(
                        message: message, time: message.statedTime, basis: .stated, sortTime: message.statedTime,
                        rank: 3))
            case .report: break
            }
        }
        for (key, asked) in requests {
            place(asked, among: answers[key] ?? [], stored: stored[key] ?? [], into: &result)
        }
        return result.sorted(by: Self.precedes)
    }

    private func lodgement(
        _ message: WCOMessage, _ answers: [WCOMessage], _ stored: [ReportReader.Version]
    ) -> Placed {
        let firstAnswer = answers.first?.statedTime
        let firstStored = stored.first { $0.version == "1" }?.created
        let (time, basis): (MessageTime?, Basis) =
            if let received = message.receivedAt {
                (received, .received)
            } else if let issued = message.statedTime {
                (issued, .stated)
            } else if let firstStored {
                (firstStored, .stored)
            } else {
                (firstAnswer, .answered)
            }
        var placed = Placed(message: message, time: time, basis: basis, sortTime: time, rank: 0)
        if let time, let firstAnswer, firstAnswer < time {
            placed.sortTime = firstAnswer
            placed.remark =
                "is dated \(time.text), after the first answer to it (\(firstAnswer.text)); placed before that"
        }
        return placed
    }

    /// Places the requests of one declaration, each before what answers it.
    private func place(
        _ requests: [WCOMessage], among answers: [WCOMessage], stored: [ReportReader.Version],
        into result: inout [Placed]
    ) {
        // A receipt before anything else was decided is the receipt of the lodgement itself.
        var receipts = answers.filter { $0.kind == .response("02") }
        if let first = answers.first, first.index == receipts.first?.index { receipts.removeFirst() }
        for (index, request) in requests.enumerated() {
            var answer: WCOMessage?
            if let own = receipts.firstIndex(where: { $0.localReference == request.localReference }) {
                answer = receipts.remove(at: own)
            } else if !receipts.isEmpty {
                answer = receipts.removeFirst()
            }
            answer = answer ?? answers.first { $0.version == String(index + 2) }
            let version = stored.first { $0.version == String(index + 2) }?.created
            let time = request.receivedAt ?? answer?.statedTime ?? version
            let basis: Basis =
                request.receivedAt != nil ? .received : answer == nil && version != nil ? .stored : .answered
            var placed = Placed(message: request, time: time, basis: basis, sortTime: time, rank: 1)
            if let answered = answer?.statedTime, let time, answered < time { placed.sortTime = answered }
            if time == nil {
                // Nothing tells when: after all that was answered, or else right after the lodgement.
                placed.sortTime = answers.last?.statedTime ?? lodged(request, in: result)
                placed.rank = answers.isEmpty ? 1 : 4
            }
            result.append(placed)
            guard case .request(let asked) = request.kind, let answered = answer?.statedTime else { continue }
            for at in result.indices
            where result[at].message.kind == .response("11")
                && references.key(of: result[at].message) == references.key(of: request)
                && !((result[at].time ?? answered) < answered)
            {
                result[at].answers = asked
            }
        }
    }

    /// Where the lodgement of a request's declaration stands, or the last lodgement if none is known to be its own.
    private func lodged(_ request: WCOMessage, in placed: [Placed]) -> MessageTime? {
        let lodgements = placed.filter { $0.message.kind == .lodgement }
        let own = lodgements.first { references.key(of: $0.message) == references.key(of: request) }
        return own.map(\.sortTime) ?? lodgements.compactMap(\.sortTime).max()
    }

    private func movement(_ message: WCOMessage) -> Placed {
        var placed = Placed(
            message: message, time: message.statedTime, basis: .stated, sortTime: message.statedTime, rank: 2)
        let consignment = Self.consignment(message)
        let neighbours = messages.filter {
            consignment != nil && Self.consignment($0) == consignment && $0.statedTime != nil
        }
        if let time = message.statedTime {
            let earlier = neighbours.last { $0.index < message.index && $0.kind == .movement(.arrival) }?.statedTime
            if message.kind == .movement(.departure), let earlier, time < earlier {
                placed.remark =
                    "is dated \(time.text), before the arrival its file name follows (\(earlier.text)); "
                    + "placed by its date"
            }
        } else {
            let next = neighbours.first { $0.index > message.index } ?? neighbours.last
            placed.sortTime = next?.statedTime ?? messages.compactMap(\.statedTime).min()
        }
        return placed
    }

    private static func consignment(_ message: WCOMessage) -> String? {
        guard case .movement = message.kind else { return nil }
        return message.body.value("ucrBlock", "ucr") ?? message.body.value("masterUCR")
            ?? message.body.value("inventoryConsignmentReference")
    }

    private static func isIssuedEarlier(_ left: WCOMessage, _ right: WCOMessage) -> Bool {
        guard let first = left.statedTime, let second = right.statedTime, first != second else {
            return left.index < right.index
        }
        return first < second
    }

    private static func precedes(_ left: Placed, _ right: Placed) -> Bool {
        switch (left.sortTime, right.sortTime) {
        case (nil, _?): return true
        case (_?, nil): return false
        case (let first?, let second?) where first < second: return true
        case (let first?, let second?) where second < first: return false
        default: return (left.rank, left.message.index) < (right.rank, right.message.index)
        }
    }
}
