/// Writes the pointers of the WCO Data Model as one path: `42A/67A/68A[2]/23A:137` is section 42A, in it 67A, in it
/// the second 68A, in it 23A, and there the element with tag 137.
enum PointerText {
    /// The path of the `Pointer` children of an element, outermost first, or nil if it has none.
    static func path(of element: MessageElement) -> String? {
        let steps = element.all("Pointer").map { pointer in
            var step = pointer.value("DocumentSectionCode") ?? "?"
            if let number = pointer.value("SequenceNumeric") { step += "[\(number)]" }
            if let tag = pointer.value("TagID") { step += ":\(tag)" }
            return step
        }
        return steps.isEmpty ? nil : steps.joined(separator: "/")
    }
}
