/// A part of what a reader sees, and where it goes on.
public struct ReadPage: Sendable, Hashable {
    /// The most entries of a page.
    public static let maximumEntries = 1000

    public let entries: [SeenEntry]
    /// What to hand in for the next page; nil if this was the last.
    public let next: PageCursor?
}
