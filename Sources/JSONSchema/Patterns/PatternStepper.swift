/// One step of the automaton: from the places a text may have led to, and the next character, to the next places.
///
/// Between two characters it follows all instructions that take none, each at most once, so a step costs at most as
/// many visits as the program has instructions.
struct PatternStepper {
    /// What came before a place, as far as assertions ask.
    enum Previous: Int, Hashable {
        case nothing, word, other
    }

    let program: PatternProgram
    let alphabet: PatternAlphabet
    /// For each instruction, the last step that visited it.
    private var visited: [Int]
    private var step = 0
    private var stack: [Int] = []
    /// How many instructions have been visited.
    private(set) var visits = 0

    init(_ program: PatternProgram, _ alphabet: PatternAlphabet) {
        self.program = program
        self.alphabet = alphabet
        visited = [Int](repeating: 0, count: program.instructions.count)
    }

    /// Makes one step.
    ///
    /// - Parameters:
    ///   - places: Instructions where the automaton may be; replaced by those after the character, each once.
    ///   - previous: What came before.
    ///   - next: The class of the next character, or nil at the end.
    /// - Returns: Whether the text matches already.
    mutating func advance(_ places: inout [Int], after previous: Previous, to next: Int?) -> Bool {
        step += 1
        stack.removeAll(keepingCapacity: true)
        stack.append(contentsOf: places)
        places.removeAll(keepingCapacity: true)
        while let place = stack.popLast() {
            guard visited[place] != step else { continue }
            visited[place] = step
            visits += 1
            switch program.instructions[place] {
            case .match:
                return true
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .assertion(let assertion, let target):
                if holds(assertion, previous, next) { stack.append(target) }
            case .take(let set, let target):
                if let next, alphabet.members[set][next] { places.append(target) }
            }
        }
        return false
    }

    private func holds(_ assertion: PatternAssertion, _ previous: Previous, _ next: Int?) -> Bool {
        switch assertion {
        case .start: previous == .nothing
        case .end: next == nil
        case .wordBoundary: (previous == .word) != isWord(next)
        case .noWordBoundary: (previous == .word) == isWord(next)
        }
    }

    private func isWord(_ next: Int?) -> Bool { next.map { alphabet.isWord[$0] } ?? false }

    /// What a character is to the place after it.
    func previous(afterClass index: Int) -> Previous { alphabet.isWord[index] ? .word : .other }
}
