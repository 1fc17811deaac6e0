internal import JSON

/// Attributes and fields of events that facts are given together, prepared for many entries: make it once, beside the view.
///
/// What ``FactSink/add(_:_:)-(_,FieldSet)`` adds of it is the same as adding each by itself. But the way to each is gone once for
/// an entry, however many facts it gives, and nothing is counted or copied on the way.
public final class FieldSet: Sendable {
    /// A way through names and indices, in ``names``.
    struct Way {
        /// Whether it begins at the event, not at its data.
        let isAttribute: Bool
        let steps: Range<Int>
        /// The JSON Pointer into the data, in ``names``.
        let pointer: Range<Int>
    }

    /// How many values a fact is given by it.
    public var count: Int { ways.count }

    let ways: [Way]
    /// Where each step of the ways stands in ``names``.
    let steps: [Range<Int>]
    let names: [UInt8]
    /// The paths of the ways that are no attributes, with their indices.
    let paths: [(index: Int, path: FieldPath)]
    let longest: Int
    let longestTogether: Int
    let substitute: [UInt8]

    /// - Parameters:
    ///   - attributes: Names of attributes of the event, which come first: `id`.
    ///   - fields: JSON Pointers into its data: `/importer/name`.
    ///   - longest: How many bytes of JSON text a value has at the most.
    ///   - together: How many those that are given have at the most, together, in their order.
    ///   - substitute: The text that stands in place of a value that is longer, or that there is no room for.
    public init(
        attributes: [String] = [], fields: [String], longest: Int = ViewLimits.factBytes,
        together: Int = ViewLimits.factBytes, substitute: String = ""
    ) {
        var (ways, steps, names): ([Way], [Range<Int>], [UInt8]) = ([], [], [])
        func name(_ text: some Sequence<UInt8>) -> Range<Int> {
            let start = names.count
            names += text
            return start..<names.count
        }
        for attribute in attributes {
            steps.append(name(attribute.utf8))
            ways.append(Way(isAttribute: true, steps: steps.count - 1..<steps.count, pointer: 0..<0))
        }
        let paths = fields.map { FieldPath($0) }
        for path in paths {
            let first = steps.count
            for token in path.tokens { steps.append(name(token)) }
            ways.append(Way(isAttribute: false, steps: first..<steps.count, pointer: name(path.pointer.utf8)))
        }
        (self.ways, self.steps, self.names) = (ways, steps, names)
        self.paths = paths.enumerated().map { (attributes.count + $0.offset, $0.element) }
        self.longest = longest
        longestTogether = together
        self.substitute = Array(substitute.utf8)
    }

    /// Which of them a view must not have the values of.
    func sealed(by marks: SchemaTraits) -> [Bool] {
        var sealed = [Bool](repeating: false, count: count)
        for (index, path) in paths {
            sealed[index] = marks.isSealedWhole || marks.marked.contains { $0.meets(path) }
        }
        return sealed
    }
}
