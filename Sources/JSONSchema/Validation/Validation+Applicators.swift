import JSON

/// Tests of any value: constants, and other schemas that are applied to the same value.
extension Validation {
    mutating func testValue(_ instruction: Instruction, _ index: Int, _ at: Int, _ tracks: Bool) -> Bool {
        let isMet: Bool
        switch instruction {
        case .reference(let schema):
            return evaluate(schema, at: at, tracks: tracks)
        case .dynamicReference(let anchor, let fallback):
            return evaluate(target(ofAnchor: anchor) ?? fallback, at: at, tracks: tracks)
        case .allOf(let first, let count):
            var isValid = true
            for ordinal in first..<first + count where isValid || collects {
                if !evaluate(lists[ordinal], at: at, tracks: tracks) { isValid = false }
            }
            return isValid
        case .condition(let test, let then, let otherwise):
            // Nothing depends on it, unless what it evaluates is asked for.
            guard tracks || then >= 0 || otherwise >= 0 else { return true }
            let branch = holds(test, at: at, tracks: tracks) ? then : otherwise
            return branch < 0 || evaluate(branch, at: at, tracks: tracks)
        case .strings(let table):
            isMet = nodes[at].kind == .string && find(at, table) >= 0
        case .constant(let ordinal):
            isMet = isConstant(program.constantNodes[ordinal], at)
        case .enumeration(let first, let count):
            isMet = program.constantNodes[first..<first + count].contains { isConstant($0, at) }
        case .anyOf(let first, let count):
            isMet = matches(first..<first + count, at, tracks, atMost: .max) > 0
        case .oneOf(let first, let count):
            isMet = matches(first..<first + count, at, tracks, atMost: 1) == 1
        case .not(let schema):
            // A run that is given up must not turn into a success here.
            isMet = !holds(schema, at: at, tracks: false) && fault == nil
        default:
            return true
        }
        if !isMet { note(.instruction(instruction), index, at) }
        return isMet
    }

    /// How many of some schemas hold. Unless all are needed for what they evaluate, it stops at the first if any will do,
    /// and at the one too many if a number is not to be exceeded.
    private mutating func matches(_ ordinals: Range<Int>, _ at: Int, _ tracks: Bool, atMost: Int) -> Int {
        var count = 0
        for ordinal in ordinals where holds(lists[ordinal], at: at, tracks: tracks) {
            count += 1
            if count > atMost || !tracks && atMost == .max { break }
        }
        return count
    }

    /// The schema that a name stands for in the outermost resource that has it (Core, section 8.2.3.2).
    private func target(ofAnchor anchor: Int) -> Int? {
        for resource in scope {
            for candidate in program.dynamicAnchors[anchor] where candidate.resource == resource {
                return candidate.schema
            }
        }
        return nil
    }

    private func isConstant(_ node: Int, _ at: Int) -> Bool {
        let constant = ValueView(
            nodes: program.constants.nodes.span, bytes: program.constantBytes.span, tape: program.constants)
        return ValueComparison.areEqual(ValueView(nodes: nodes, bytes: bytes, tape: tape), at, constant, node)
    }
}
