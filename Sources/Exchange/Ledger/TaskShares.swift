internal import Foundation

/// How work on many events is shared between tasks.
enum TaskShares {
    static let processors = ProcessInfo.processInfo.activeProcessorCount
    /// The least events that are worth a task of their own.
    static let least = 64

    /// The indices of one of several even shares.
    static func range(_ share: Int, of shares: Int, _ count: Int) -> Range<Int> {
        count * share / shares..<count * (share + 1) / shares
    }
}
