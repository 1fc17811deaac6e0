import JSON

/// Tests of arrays and their elements, and of what no keyword has looked at.
extension Validation {
    mutating func testArray(_ planIndex: Int, _ index: Int, _ at: Int, _ tracks: Bool) -> Bool {
        let plan = program.arrays[planIndex]
        var isValid = true
        var count = 0
        var contained = 0
        var cursor = at + 1
        let end = Int(nodes[at].end)
        while cursor < end {
            let schema = count < plan.prefix.count ? lists[plan.prefix.lowerBound + count] : plan.items
            var isEvaluated = schema >= 0
            if schema >= 0, !evaluate(schema, at: cursor, tracks: false) {
                isValid = false
                if !collects { return false }
            }
            if plan.contains >= 0, holds(plan.contains, at: cursor, tracks: false) {
                contained += 1
                isEvaluated = true
            }
            if isEvaluated, tracks { evaluated.append(UInt32(cursor)) }
            count += 1
            cursor = Int(nodes[cursor].end)
        }
        if count < plan.minimum || count > plan.maximum {
            note(count < plan.minimum ? .minItems(plan.minimum) : .maxItems(plan.maximum), index, at)
            isValid = false
        }
        if plan.contains >= 0, contained < plan.minimumContained || contained > plan.maximumContained {
            let expectation: Expectation =
                contained > plan.maximumContained
                ? .maxContains(plan.maximumContained)
                : plan.minimumContained == 1 ? .contains : .minContains(plan.minimumContained)
            note(expectation, index, at)
            isValid = false
        }
        if plan.isUnique, isValid || collects, !ValueComparison.areUnique(nodes, bytes, tape, elementsOf: at) {
            note(.uniqueItems, index, at)
            isValid = false
        }
        return isValid
    }

    /// Applies a schema to the members or elements of a value that are not among those evaluated.
    mutating func testUnevaluated(_ schema: Int, _ at: Int, from start: Int, isObject: Bool) -> Bool {
        evaluated[start...].sort()
        if evaluated.count > start, evaluated.last == Self.all { return true }
        var isValid = true
        var next = start
        let known = evaluated.count
        var cursor = at + 1
        let end = Int(nodes[at].end)
        while cursor < end {
            let value = isObject ? cursor + 1 : cursor
            while next < known, evaluated[next] < UInt32(cursor) { next += 1 }
            let isKnown = next < known && evaluated[next] == UInt32(cursor)
            if !isKnown, !evaluate(schema, at: value, tracks: false) {
                isValid = false
                if !collects { return false }
            }
            cursor = Int(nodes[value].end)
        }
        evaluated.append(Self.all)
        return isValid
    }
}
