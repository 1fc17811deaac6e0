package import EventLog

/// Which fields of entries somebody asks for, so that no others are opened and recorded as read.
package struct FieldsAsked: Sendable {
    private let pointers: [Position: [String]]
    /// What was asked for of the last entry, and which of the fields of its schema that were.
    private var last: (plan: SealingPlan, pointers: [String], fields: [Bool])?

    /// - Parameter pointers: JSON Pointers into the data of the event at each position; of entries at other positions
    ///   nothing is asked for.
    package init(_ pointers: [Position: [String]]) {
        self.pointers = pointers
    }

    /// The positions, in their order.
    var positions: [Position] { pointers.keys.sorted() }

    /// Which of the fields that a schema marks are asked for of an entry: those at a pointer, around it or in it.
    ///
    /// - Complexity: O(*n* · *m*) in fields and pointers; nothing if both are those of the entry before.
    mutating func fields(of plan: SealingPlan, at position: Position) -> [Bool] {
        let wanted = pointers[position] ?? []
        if let last, last.plan === plan, last.pointers == wanted { return last.fields }
        let fields = plan.fields.map { field in
            wanted.contains { Self.isIn($0, field.pointer) || Self.isIn(field.pointer, $0) }
        }
        last = (plan, wanted, fields)
        return fields
    }

    /// Whether a pointer leads to the place of another one or into it.
    private static func isIn(_ pointer: String, _ outer: String) -> Bool {
        let (inner, outer) = (pointer.utf8, outer.utf8)
        guard inner.starts(with: outer) else { return false }
        return inner.count == outer.count || inner.dropFirst(outer.count).first == UInt8(ascii: "/")
    }
}

extension EntryDisclosure {
    /// The same, but with fields that are not asked for withheld.
    func narrowed(to asked: [Bool], _ fields: [Field]) -> EntryDisclosure {
        let decisions = self.fields.indices.map { index in
            asked[index] ? self.fields[index] : .withhold(WithholdingReason(fields[index].mark))
        }
        return EntryDisclosure(wholeEvent: wholeEvent, fields: decisions)
    }
}
