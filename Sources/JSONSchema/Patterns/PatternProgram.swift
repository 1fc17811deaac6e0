/// A regular expression as a nondeterministic automaton over classes of characters.
///
/// Source: Thompson, "Regular Expression Search Algorithm" (1968), as Cox describes it. It is built from the end, so
/// that every piece is given what follows it.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes a character of the set with this index.
        case take(set: Int, next: Int)
        case split(Int, Int)
        case assertion(PatternAssertion, next: Int)
        case match
    }

    /// The most instructions.
    static let maximumInstructions = 2048

    private(set) var instructions: [Instruction] = [.match]
    /// Where a search starts.
    private(set) var start = 0
    private(set) var sets: [ScalarSet] = []
    private var setIndices: [ScalarSet: Int] = [:]
    /// Whether a word boundary is asked for, so that it matters what kind of character came before.
    private(set) var asksForWords = false

    /// - Throws: ``PatternError`` with code `.tooLarge`.
    init(_ node: PatternNode) throws(PatternError) {
        start = try add(node, before: 0)
        guard !node.isAnchored else { return }
        // A search: the match may begin after any number of characters.
        let loop = try append(.split(start, 0))
        let skip = try append(.take(set: index(of: .all), next: loop))
        instructions[loop] = .split(start, skip)
        start = loop
    }

    private mutating func append(_ instruction: Instruction) throws(PatternError) -> Int {
        guard instructions.count < Self.maximumInstructions else {
            throw PatternError(.tooLarge, "repetitions that take over \(Self.maximumInstructions) steps", at: 0)
        }
        instructions.append(instruction)
        return instructions.count - 1
    }

    private mutating func index(of set: ScalarSet) -> Int {
        if let known = setIndices[set] { return known }
        sets.append(set)
        setIndices[set] = sets.count - 1
        return sets.count - 1
    }

    /// Adds what matches a node and goes on with an instruction.
    ///
    /// - Returns: The index of the first instruction of the node; that of what follows if the node is empty.
    private mutating func add(_ node: PatternNode, before next: Int) throws(PatternError) -> Int {
        switch node {
        case .empty:
            return next
        case .set(let set):
            return try append(.take(set: index(of: set), next: next))
        case .assertion(let assertion):
            if assertion == .wordBoundary || assertion == .noWordBoundary { asksForWords = true }
            return try append(.assertion(assertion, next: next))
        case .sequence(let nodes):
            var first = next
            for node in nodes.reversed() { first = try add(node, before: first) }
            return first
        case .alternation(let nodes):
            var first: Int?
            for node in nodes.reversed() {
                let choice = try add(node, before: next)
                if let rest = first { first = try append(.split(choice, rest)) } else { first = choice }
            }
            return first ?? next
        case .repetition(let node, let minimum, let maximum):
            return try addRepetition(node, minimum, maximum, before: next)
        }
    }

    /// Adds a node as often as it may come. A node that adds nothing is empty, and so is any number of them.
    private mutating func addRepetition(
        _ node: PatternNode, _ minimum: Int, _ maximum: Int?, before next: Int
    ) throws(PatternError) -> Int {
        var first = next
        if let maximum {
            for _ in minimum..<maximum {
                let body = try add(node, before: first)
                guard body != first else { break }
                // Leaving at any of them leaves at once for what follows.
                first = try append(.split(body, next))
            }
        } else {
            first = try append(.split(next, next))
            let body = try add(node, before: first)
            instructions[first] = .split(body, next)
        }
        for _ in 0..<minimum {
            let body = try add(node, before: first)
            guard body != first else { break }
            first = body
        }
        return first
    }
}
