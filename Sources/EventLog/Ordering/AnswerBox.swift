internal import Foundation

/// Collects the answers to several requests, which come in any order and from other threads.
final class AnswerBox: @unchecked Sendable {
    typealias Answer = Result<[Receipt], LogError>

    private let lock = NSLock()
    /// Guarded by ``lock``.
    private var answers: [Answer?]
    private var missing: Int
    private var completion: (@Sendable ([Answer]) -> Void)?

    init(count: Int) {
        answers = Array(repeating: nil, count: count)
        missing = count
    }

    /// Says what to do when all answers are there; at once if none is missing.
    func whenComplete(_ completion: @escaping @Sendable ([Answer]) -> Void) {
        let isComplete = lock.withLock {
            self.completion = completion
            return missing == 0
        }
        if isComplete { completion([]) }
    }

    /// Takes the answer to one request.
    func put(_ answer: Answer, at index: Int) {
        let complete: [Answer]? = lock.withLock {
            answers[index] = answer
            missing -= 1
            return missing == 0 ? answers.compactMap { $0 } : nil
        }
        if let complete { completion?(complete) }
    }
}
