import JSON

/// Equality of JSON values (Core, section 4.2.2): numbers by their value, objects without regard to order.
enum ValueComparison {
    /// The most elements that are compared each with each.
    private static let fewElements = 8

    /// - Complexity: O(*n* log *k*) in the size of the values, *k* being the most members of one object.
    static func areEqual(_ left: ValueView, _ leftAt: Int, _ right: ValueView, _ rightAt: Int) -> Bool {
        let kind = left.nodes[leftAt].kind
        let other = right.nodes[rightAt].kind
        switch kind {
        case .null, .true, .false:
            return kind == other
        case .integer, .number:
            guard other == .integer || other == .number else { return false }
            return NumberText.double(left.text(leftAt)) == NumberText.double(right.text(rightAt))
        case .string:
            return other == .string && areEqualStrings(left, leftAt, right, rightAt)
        case .array:
            return other == .array && areEqualArrays(left, leftAt, right, rightAt)
        case .object:
            return other == .object && areEqualObjects(left, leftAt, right, rightAt)
        }
    }

    private static func areEqualStrings(
        _ left: ValueView, _ leftAt: Int, _ right: ValueView, _ rightAt: Int
    ) -> Bool {
        guard !left.nodes[leftAt].isEscaped, !right.nodes[rightAt].isEscaped else {
            return left.decoded(leftAt) == right.decoded(rightAt)
        }
        let first = left.text(leftAt)
        let second = right.text(rightAt)
        guard first.count == second.count else { return false }
        for at in first.indices where first[at] != second[at] { return false }
        return true
    }

    private static func areEqualArrays(_ left: ValueView, _ leftAt: Int, _ right: ValueView, _ rightAt: Int) -> Bool {
        var first = leftAt + 1
        var second = rightAt + 1
        while first < left.end(leftAt), second < right.end(rightAt) {
            guard areEqual(left, first, right, second) else { return false }
            first = left.end(first)
            second = right.end(second)
        }
        return first == left.end(leftAt) && second == right.end(rightAt)
    }

    private static func areEqualObjects(_ left: ValueView, _ leftAt: Int, _ right: ValueView, _ rightAt: Int) -> Bool {
        let first = left.sortedKeys(ofObjectAt: leftAt)
        let second = right.sortedKeys(ofObjectAt: rightAt)
        guard first.count == second.count else { return false }
        for ordinal in first.indices {
            guard first[ordinal].key == second[ordinal].key,
                areEqual(left, first[ordinal].node + 1, right, second[ordinal].node + 1)
            else { return false }
        }
        return true
    }

    /// Whether no two elements of an array are equal.
    ///
    /// Elements are told apart by hashes with a secret seed, so that nobody can send many with the same.
    ///
    /// - Complexity: O(*n* log *n*) in the size of the array.
    static func areUnique(
        _ nodes: Span<JSONTape.Node>, _ bytes: Span<UInt8>, _ tape: JSONTape, elementsOf array: Int
    ) -> Bool {
        let view = ValueView(nodes: nodes, bytes: bytes, tape: tape)
        let end = view.end(array)
        var count = 0
        var cursor = array + 1
        while cursor < end {
            count += 1
            cursor = view.end(cursor)
        }
        guard count > fewElements else { return areUnique(view, fewElementsOf: array) }
        var elements: [(hash: Int, node: Int)] = []
        elements.reserveCapacity(count)
        cursor = array + 1
        while cursor < end {
            elements.append((hash(view, cursor), cursor))
            cursor = view.end(cursor)
        }
        elements.sort { $0.hash < $1.hash }
        for (ordinal, element) in elements.enumerated() {
            for other in elements[(ordinal + 1)...] {
                guard other.hash == element.hash else { break }
                if areEqual(view, element.node, view, other.node) { return false }
            }
        }
        return true
    }

    private static func areUnique(_ view: ValueView, fewElementsOf array: Int) -> Bool {
        let end = view.end(array)
        var first = array + 1
        while first < end {
            var second = view.end(first)
            while second < end {
                if areEqual(view, first, view, second) { return false }
                second = view.end(second)
            }
            first = view.end(first)
        }
        return true
    }

    /// A hash that equal values share.
    private static func hash(_ view: ValueView, _ at: Int) -> Int {
        var hasher = Hasher()
        switch view.nodes[at].kind {
        case .null, .true, .false:
            hasher.combine(view.nodes[at].kind)
        case .integer, .number:
            hasher.combine(NumberText.double(view.text(at)))
        case .string:
            hasher.combine(view.decoded(at))
        case .array:
            hasher.combine(JSONTape.Kind.array)
            var cursor = at + 1
            while cursor < view.end(at) {
                hasher.combine(hash(view, cursor))
                cursor = view.end(cursor)
            }
        case .object:
            // A sum, because the order of members does not count.
            var sum = 0
            var cursor = at + 1
            while cursor < view.end(at) {
                var member = Hasher()
                member.combine(view.decoded(cursor))
                member.combine(hash(view, cursor + 1))
                sum &+= member.finalize()
                cursor = view.end(cursor + 1)
            }
            hasher.combine(sum)
        }
        return hasher.finalize()
    }
}
