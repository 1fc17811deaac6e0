public import EventLog
import JSON

/// What changed from one charter to another, in the order of the charter's parts.
public struct CharterDifference: Sendable, Hashable, CustomStringConvertible {
    /// One thing of which the charters say something else.
    public struct Change: Sendable, Hashable {
        /// Nil if it was added.
        public let before: CharterValue?
        /// Nil if it was removed, or holds no more.
        public let after: CharterValue?

        public var kind: CharterKind { (after ?? before)?.kind ?? .amendment }
        /// What the thing is known by among those of its kind.
        public var name: String { (after ?? before)?.name ?? "" }
    }

    /// The changes, by kind and in each by name.
    public let changes: [Change]

    /// Compares charters.
    ///
    /// - Parameters:
    ///   - before: The one charter, and the time at which it is looked at; nil for the last word on everything, also
    ///     what has ended or is to come.
    ///   - after: The other one.
    /// - Complexity: O(*n* log *n*) in the values.
    public init(
        from before: Charter, at timeBefore: Timestamp? = nil, to after: Charter, at timeAfter: Timestamp? = nil
    ) {
        changes = CharterKind.allCases.flatMap { kind in
            Self.changes(before.values(of: kind, at: timeBefore), after.values(of: kind, at: timeAfter))
        }
    }

    /// Merges two lists that are sorted by name.
    private static func changes(_ before: [CharterValue], _ after: [CharterValue]) -> [Change] {
        var changes: [Change] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if right == after.count || left < before.count && before[left].partName < after[right].partName {
                changes.append(Change(before: before[left], after: nil))
                left += 1
            } else if left == before.count || after[right].partName < before[left].partName {
                changes.append(Change(before: nil, after: after[right]))
                right += 1
            } else {
                if before[left] != after[right] { changes.append(Change(before: before[left], after: after[right])) }
                left += 1
                right += 1
            }
        }
        return changes
    }

    /// Lines for a person: `-` what was said, `+` what is said now.
    public var description: String {
        changes.map { change in
            (change.before.map { "- \(change.kind.rawValue) \($0)\n" } ?? "")
                + (change.after.map { "+ \(change.kind.rawValue) \($0)\n" } ?? "")
        }.joined()
    }

    /// The changes as JSON: `[{"kind":…,"name":…,"before":…,"after":…}]`; what is not there is left out.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for change in changes {
                writer.object { writer in
                    writer.member("kind", change.kind.rawValue)
                    writer.member("name", change.name)
                    for (name, value) in [("before", change.before), ("after", change.after)] {
                        guard let value else { continue }
                        writer.key(name)
                        value.write(to: &writer)
                    }
                }
            }
        }
        return writer.bytes
    }
}
