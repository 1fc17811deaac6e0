internal import EventLog
internal import Exchange

/// What views need to know of a schema version. A class, so that it is handed on without copying.
final class SchemaTraits: Sendable {
    /// The paths of what it marks.
    let marked: [FieldPath]
    let isSealedWhole: Bool
    /// Whether every authority sees its events, by the schema alone.
    let isSeenByAuthorities: Bool
    /// Whether there is a later version.
    let isOutdated: Bool

    init(marked: [FieldPath], isSealedWhole: Bool, isSeenByAuthorities: Bool, isOutdated: Bool = false) {
        self.marked = marked
        self.isSealedWhole = isSealedWhole
        self.isSeenByAuthorities = isSeenByAuthorities
        self.isOutdated = isOutdated
    }

    init(_ marks: SchemaMarks, isOutdated: Bool) {
        marked = marks.fields.filter { !$0.pointer.isEmpty }.map { FieldPath($0.pointer) }
        let whole = marks.wholeEvent?.sharingClass ?? .public
        isSealedWhole = whole > .public
        isSeenByAuthorities = whole == .public && !marks.fields.contains { $0.mark.sharingClass == .withheld }
        self.isOutdated = isOutdated
    }

    /// Those of events whose schema is not known: whoever sees them, nothing of them is marked.
    static func unknown(seenByAuthorities: Bool) -> SchemaTraits {
        SchemaTraits(marked: [], isSealedWhole: false, isSeenByAuthorities: seenByAuthorities)
    }

    /// The same schema with its marks where an upcaster has moved them.
    func moved(to pointers: [String]) -> SchemaTraits {
        SchemaTraits(
            marked: pointers.map(FieldPath.init), isSealedWhole: isSealedWhole,
            isSeenByAuthorities: isSeenByAuthorities)
    }
}
