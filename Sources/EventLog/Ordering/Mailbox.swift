internal import Foundation

/// A queue between threads that is emptied as a whole.
package final class Mailbox<Item: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    /// Guarded by ``condition``.
    private var items: [Item] = []
    private var isClosed = false

    package init() {}

    /// Puts an item in.
    ///
    /// - Returns: false if the mailbox is closed; the item is then not taken.
    package func put(_ item: Item) -> Bool {
        condition.withLock {
            guard !isClosed else { return false }
            items.append(item)
            if items.count == 1 { condition.signal() }
            return true
        }
    }

    /// Waits until there is something, and takes all of it.
    ///
    /// - Returns: nil once the mailbox is closed and empty.
    package func takeAll() -> [Item]? {
        condition.withLock {
            while items.isEmpty {
                guard !isClosed else { return nil }
                condition.wait()
            }
            var taken: [Item] = []
            swap(&taken, &items)
            return taken
        }
    }

    /// Takes nothing more; what is in it can still be taken.
    package func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}
