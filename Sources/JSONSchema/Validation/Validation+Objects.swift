import JSON

/// Tests of objects and their members.
extension Validation {
    mutating func testObject(_ planIndex: Int, _ index: Int, _ at: Int, _ tracks: Bool) -> Bool {
        let plan = objects[planIndex]
        var isValid = true
        var found: UInt64 = 0
        var count = 0
        var cursor = at + 1
        let end = Int(nodes[at].end)
        while cursor < end {
            let value = cursor + 1
            if plan.hasMembers, !testMember(plan, cursor, &found, tracks) {
                isValid = false
                if !collects { return false }
            }
            count += 1
            cursor = Int(nodes[value].end)
        }
        if found != plan.required {
            isValid = false
            if !collects { return false }
            for ordinal in 0..<Int(plan.table.count) {
                let bit = properties[plan.properties + ordinal].required
                if bit & ~found != 0 { note(.property(Int(plan.table.keys) + ordinal), index, at) }
            }
        }
        if count < plan.minimum || count > plan.maximum {
            note(count < plan.minimum ? .minProperties(plan.minimum) : .maxProperties(plan.maximum), index, at)
            isValid = false
        }
        return isValid
    }

    /// Tests one member, given by the node of its key.
    @inline(__always)
    private mutating func testMember(_ plan: ObjectPlan, _ key: Int, _ found: inout UInt64, _ tracks: Bool) -> Bool {
        var isValid = true
        var isEvaluated = false
        let ordinal = find(key, plan.table)
        if ordinal >= 0 {
            let property = properties[plan.properties + ordinal]
            found |= property.required
            if property.schema >= 0 {
                isEvaluated = true
                isValid = evaluate(Int(property.schema), at: key + 1, tracks: false)
            }
        }
        if !plan.patterns.isEmpty, !testPatterns(plan.patterns, key, &isEvaluated) { isValid = false }
        if !isEvaluated, plan.additional >= 0 {
            isEvaluated = true
            if !evaluate(plan.additional, at: key + 1, tracks: false) { isValid = false }
        }
        if plan.names >= 0, !evaluate(plan.names, at: key, tracks: false) { isValid = false }
        if isEvaluated, tracks { evaluated.append(UInt32(key)) }
        return isValid
    }

    private mutating func testPatterns(_ ordinals: Range<Int>, _ key: Int, _ isEvaluated: inout Bool) -> Bool {
        var isValid = true
        for ordinal in ordinals {
            let pattern = program.patternProperties[ordinal]
            let matches =
                if nodes[key].isEscaped {
                    patterns[pattern.pattern].matches(tape.decodedBytes(at: key, in: bytes).span)
                } else {
                    patterns[pattern.pattern].matches(text(key))
                }
            guard matches else { continue }
            isEvaluated = true
            if !evaluate(pattern.schema, at: key + 1, tracks: false) { isValid = false }
        }
        return isValid
    }

    /// The ordinal, in a table, of the text of a string node, or -1.
    @inline(__always)
    func find(_ at: Int, _ table: KeyTable) -> Int {
        guard table.mask >= 0 else { return -1 }
        let node = nodes[at]
        guard node.isEscaped else { return find(bytes, Int(node.offset), Int(node.length), table) }
        let decoded = tape.decodedBytes(at: at, in: bytes)
        return find(decoded.span, 0, decoded.count, table)
    }

    @inline(__always)
    private func find(_ text: Span<UInt8>, _ start: Int, _ count: Int, _ table: KeyTable) -> Int {
        var slot = table.slot(KeyTable.digest(text, start, count))
        while true {
            let ordinal = Int(slots[Int(table.slots) + slot])
            guard ordinal >= 0 else { return -1 }
            let key = keys[Int(table.keys) + ordinal]
            if Int(key.length) == count, isEqual(text, start, count, Int(key.offset)) { return ordinal }
            slot = (slot + 1) & Int(table.mask)
        }
    }

    /// Whether a part of a text is that of the keys which starts at an offset. No early exit: few keys get here that are
    /// not equal.
    @inline(__always)
    private func isEqual(_ text: Span<UInt8>, _ start: Int, _ count: Int, _ offset: Int) -> Bool {
        let text = text.extracting(start..<start + count)
        let key = keyBytes.extracting(offset..<offset + count)
        guard text.count == key.count else { return false }
        var difference: UInt8 = 0
        for at in 0..<text.count { difference |= text[at] ^ key[at] }
        return difference == 0
    }

    /// Tests that depend on which members there are.
    mutating func testMembers(_ instruction: Instruction, _ index: Int, _ at: Int, _ tracks: Bool) -> Bool {
        switch instruction {
        case .required(let key):
            guard !hasMember(key, at) else { return true }
            note(.property(key), index, at)
            return false
        case .dependentRequired(let trigger, let key):
            guard hasMember(trigger, at), !hasMember(key, at) else { return true }
            note(.instruction(instruction), index, at)
            return false
        case .dependentSchema(let trigger, let schema):
            return !hasMember(trigger, at) || evaluate(schema, at: at, tracks: tracks)
        default:
            return true
        }
    }

    private func hasMember(_ keyIndex: Int, _ at: Int) -> Bool {
        let key = keys[keyIndex]
        var cursor = at + 1
        let end = Int(nodes[at].end)
        while cursor < end {
            let node = nodes[cursor]
            if node.isEscaped {
                let decoded = tape.decodedBytes(at: cursor, in: bytes)
                if decoded.count == Int(key.length), isEqual(decoded.span, 0, decoded.count, Int(key.offset)) {
                    return true
                }
            } else if node.length == UInt32(key.length),
                isEqual(bytes, Int(node.offset), Int(node.length), Int(key.offset))
            {
                return true
            }
            cursor = Int(nodes[cursor + 1].end)
        }
        return false
    }
}
