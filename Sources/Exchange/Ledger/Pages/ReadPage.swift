/// A part of what a reader sees, and where it goes on.
public struct ReadPage: Sendable, Hashable {
    /// The most entries of a page.
    public static let maximumEntries = 1000

    public let entries: [SeenEntry]
    /// What to hand in for the next page; nil if this was the last.
    public let next: PageCursor?
    /// Whether something classified was disclosed in it, and so recorded.
    public let isRecorded: Bool

    package init(entries: [SeenEntry], next: PageCursor?, isRecorded: Bool = false) {
        self.entries = entries
        self.next = next
        self.isRecorded = isRecorded
    }

    /// The page with its entries shown otherwise.
    package func showing(_ entries: [SeenEntry]) -> ReadPage {
        ReadPage(entries: entries, next: next, isRecorded: isRecorded)
    }
}
