import EventLog
import ExchangeClient
import Foundation
import JSON
import Synchronization

/// What whoever reads the deliveries says of them: a line each, a position or what `POST /subscriptions/NAME/acknowledgements` takes.
final class DeliveryAnswers: Sendable {
    private let path: String
    private let isOver = Mutex(false)

    init(path: String) { self.path = path }

    /// Ends the reading, soon.
    func end() { isOver.withLock { $0 = true } }

    /// Reads to the end of the input, in a thread of its own: reading waits for whoever writes.
    ///
    /// - Returns: Why it ended before, if it did.
    func take(
        _ settle: @escaping @Sendable ([Position], DeliveryOutcome) -> Void
    ) async -> CommandFailure? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.read(settle)) }
        }
    }

    private func read(_ settle: ([Position], DeliveryOutcome) -> Void) -> CommandFailure? {
        do {
            var lines = try LineReader(path: path)
            while !isOver.withLock({ $0 }) {
                guard !lines.wouldWait() else {
                    var state = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                    poll(&state, 1, 100)
                    continue
                }
                guard let line = lines.next() else { return lines.fault }
                guard line.contains(where: { $0 > 0x20 }) else { continue }
                guard let answers = Self.answers(line) else {
                    return CommandFailure(
                        .refused,
                        "Line \(lines.number) of standard input says nothing of deliveries. Write a position, or "
                            + "{\"acknowledged\":[41],\"rejected\":[{\"position\":42,\"reason\":\"…\"}]}.")
                }
                for (positions, outcome) in answers { settle(positions, outcome) }
            }
            return nil
        } catch {
            return error as? CommandFailure ?? CommandFailure(.failed, "\(error)")
        }
    }

    /// What a line says; nil if it says nothing that is understood.
    static func answers(_ line: [UInt8]) -> [([Position], DeliveryOutcome)]? {
        guard let root = try? JSONDocument(parsing: line).root else { return nil }
        if let position = root.integer.flatMap({ Position(exactly: $0) }) { return [([position], .acknowledged)] }
        guard root.kind == .object, root.members.allSatisfy({ ["acknowledged", "rejected"].contains($0.key) }) else {
            return nil
        }
        let acknowledged = root["acknowledged"]?.elements ?? []
        let positions = acknowledged.compactMap { $0.integer.flatMap { Position(exactly: $0) } }
        guard positions.count == acknowledged.count else { return nil }
        var answers: [([Position], DeliveryOutcome)] = positions.isEmpty ? [] : [(positions, .acknowledged)]
        for one in root["rejected"]?.elements ?? [] {
            guard let position = one["position"]?.integer.flatMap({ Position(exactly: $0) }),
                let reason = one["reason"]?.string, one["retry"] == nil || one["retry"]?.bool != nil
            else { return nil }
            let isRetried = one["retry"]?.bool ?? false
            answers.append(([position], isRetried ? .retried(reason: reason) : .rejected(reason: reason)))
        }
        return answers.isEmpty ? nil : answers
    }
}
