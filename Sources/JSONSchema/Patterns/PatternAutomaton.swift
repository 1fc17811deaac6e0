/// A regular expression as a table: one look-up for each character.
///
/// The subset construction, done once. It may take exponentially many states, so it is given up at a limit; then the
/// program is stepped through instead.
struct PatternAutomaton: Sendable {
    /// The most entries of the table, and the most visits of instructions it may cost to fill it.
    private static let maximumEntries = 1 << 15
    private static let maximumVisits = 1 << 21

    /// The states from which no text matches, and from which every text does.
    static let dead: UInt16 = 0
    static let accepting: UInt16 = 1
    static let start: UInt16 = 2

    private struct State: Hashable {
        let places: [Int]
        let previous: PatternStepper.Previous
    }

    /// For each state, the state after each class, and after the end of the text.
    let table: [UInt16]
    /// The entries of one state.
    let width: Int

    /// - Returns: nil if the table would be over the limit.
    init?(_ program: PatternProgram, _ alphabet: PatternAlphabet) {
        var stepper = PatternStepper(program, alphabet)
        width = alphabet.count + 1
        var table = [UInt16](repeating: Self.dead, count: width)
        table += [UInt16](repeating: Self.accepting, count: width)
        var states = [State(places: [program.start], previous: .nothing)]
        var indices = [states[0]: Self.start]
        var done = 0
        while done < states.count {
            let state = states[done]
            done += 1
            guard (states.count + 2) * width <= Self.maximumEntries, stepper.visits <= Self.maximumVisits else {
                return nil
            }
            for next in 0..<width {
                let character = next < alphabet.count ? next : nil
                var places = state.places
                if stepper.advance(&places, after: state.previous, to: character) {
                    table.append(Self.accepting)
                    continue
                }
                guard let character, !places.isEmpty else {
                    table.append(Self.dead)
                    continue
                }
                let following = State(
                    places: Set(places).sorted(), previous: stepper.previous(afterClass: character))
                let index = indices[following] ?? UInt16(states.count + 2)
                if indices.updateValue(index, forKey: following) == nil { states.append(following) }
                table.append(index)
            }
        }
        self.table = table
    }
}
