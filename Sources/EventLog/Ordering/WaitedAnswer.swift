internal import Foundation

/// The answer to one request, for which a thread waits.
final class WaitedAnswer: @unchecked Sendable {
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var answer: AnswerBox.Answer?

    func put(_ answer: AnswerBox.Answer) {
        condition.withLock {
            self.answer = answer
            condition.signal()
        }
    }

    /// Waits until it is there.
    func take() -> AnswerBox.Answer {
        condition.withLock {
            while true {
                if let answer { return answer }
                condition.wait()
            }
        }
    }
}
