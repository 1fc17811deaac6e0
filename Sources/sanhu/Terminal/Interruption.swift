import Foundation
import UnixSignals

/// Lets what goes on until it is interrupted tidy up when it is.
enum Interruption {
    /// For how many seconds it may.
    private static let patience = 5

    /// Does something until it is done, or the process is told to end: then its task is cancelled. Who tells it twice, or waits for
    /// too long, ends the process.
    static func ending(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await body() }
        let watching = Task {
            var isTold = false
            for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                let status = 128 + (signal == .sigint ? SIGINT : SIGTERM)
                guard !isTold else { exit(status) }
                isTold = true
                task.cancel()
                Task {
                    try? await Task.sleep(for: .seconds(patience))
                    exit(status)
                }
            }
        }
        defer { watching.cancel() }
        try await task.value
    }
}
