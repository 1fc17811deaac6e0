/// A property of an event's data that its schema marks: the unit of disclosure.
public struct Field: Sendable, Hashable {
    /// Where it stands in the event's `data`, as a JSON Pointer; empty for the whole event.
    public let pointer: String
    public let mark: SharingMark

    public init(pointer: String, mark: SharingMark) {
        self.pointer = pointer
        self.mark = mark
    }
}
