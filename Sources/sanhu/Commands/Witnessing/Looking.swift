import ExchangeClient
import Foundation

/// Does something again and again.
enum Looking {
    /// Does something, and again after some seconds, a fifth more or less, until the task is cancelled. What may pass is told, and
    /// tried again.
    static func repeatedly(every seconds: Int, once: Bool, _ body: () async throws -> Void) async throws {
        repeat {
            do {
                try await body()
            } catch let error as ClientError where error.isRetryable && !once {
                Terminal.say("\(error.reason) Trying again.")
            }
            // What is interrupted while it waits has ended well.
            guard !once, (try? await Task.sleep(for: .seconds(Double(seconds) * .random(in: 0.8...1.2)))) != nil
            else { return }
        } while !Task.isCancelled
    }
}
