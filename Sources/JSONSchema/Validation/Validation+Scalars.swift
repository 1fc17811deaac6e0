import JSON

/// Tests of numbers and strings.
extension Validation {
    mutating func testNumber(_ steps: Range<Int>, _ index: Int, _ at: Int) -> Bool {
        let number = NumberText.double(text(at))
        var isValid = true
        for step in steps {
            let isMet =
                switch instructions[step] {
                case .minimum(let bound): number >= bound
                case .maximum(let bound): number <= bound
                case .exclusiveMinimum(let bound): number > bound
                case .exclusiveMaximum(let bound): number < bound
                case .multipleOf(let divisor): divisor.divides(text(at))
                default: true
                }
            if !isMet {
                note(.instruction(instructions[step]), index, at)
                isValid = false
                if !collects { return false }
            }
        }
        return isValid
    }

    mutating func testString(_ steps: Range<Int>, _ index: Int, _ at: Int) -> Bool {
        guard nodes[at].isEscaped else { return testString(steps, text(at), index, at) }
        let decoded = tape.decodedBytes(at: at, in: bytes)
        return testString(steps, decoded.span, index, at)
    }

    private mutating func testString(_ steps: Range<Int>, _ text: Span<UInt8>, _ index: Int, _ at: Int) -> Bool {
        var isValid = true
        for step in steps {
            let isMet =
                switch instructions[step] {
                // A scalar has one to four bytes.
                case .minLength(let count):
                    text.count >= count && (text.count / 4 >= count || UTF8Text.count(text) >= count)
                case .maxLength(let count): text.count <= count || UTF8Text.count(text) <= count
                case .pattern(let pattern): patterns[pattern].matches(text)
                case .format(let format): format.accepts(text)
                default: true
                }
            if !isMet {
                note(.instruction(instructions[step]), index, at)
                isValid = false
                if !collects { return false }
            }
        }
        return isValid
    }
}
