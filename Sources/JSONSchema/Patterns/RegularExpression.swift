/// A regular expression of ECMA-262 with the flag `u`, matched in time linear in the text.
///
/// A match may begin anywhere unless the expression says `^`. Back-references and looking ahead or behind are refused.
/// An expression becomes a table of at most 64 KiB with one look-up for each character, or, where that table would be
/// larger, a program of at most 2,048 instructions, each visited at most once for each character.
///
/// A class, so that handing it on counts one reference and not one for each of its tables.
package final class RegularExpression: Sendable {
    /// The longest expression in characters.
    package static let maximumLength = 4096

    package let source: String
    private let program: PatternProgram
    private let alphabet: PatternAlphabet
    private let automaton: PatternAutomaton?

    /// - Throws: ``PatternError`` if the text is no expression, or none that is accepted here.
    package convenience init(_ source: String) throws(PatternError) {
        try self.init(source, usesTable: true)
    }

    /// - Parameter usesTable: Without it the program is stepped through, also where a table would be small enough.
    package init(_ source: String, usesTable: Bool) throws(PatternError) {
        guard source.unicodeScalars.count <= Self.maximumLength else {
            throw PatternError(.tooLarge, "more than \(Self.maximumLength) characters", at: Self.maximumLength)
        }
        self.source = source
        program = try PatternProgram(PatternParser.parse(source))
        alphabet = try PatternAlphabet(program)
        automaton = usesTable ? PatternAutomaton(program, alphabet) : nil
    }

    /// Whether a table was small enough to be made.
    package var hasTable: Bool { automaton != nil }

    /// How many instructions the program has.
    package var size: Int { program.instructions.count }

    /// Whether a text, given as valid UTF-8, holds a match.
    ///
    /// - Complexity: O(*n*) in the bytes of the text with a table; else O(*n* · ``size``).
    package func matches(_ bytes: Span<UInt8>) -> Bool {
        guard let automaton else { return stepThrough(bytes).matches }
        var state = PatternAutomaton.start
        var at = 0
        while at < bytes.count {
            state = automaton.table[Int(state) * automaton.width + alphabet.next(bytes, &at)]
            if state <= PatternAutomaton.accepting { return state == PatternAutomaton.accepting }
        }
        return automaton.table[Int(state) * automaton.width + automaton.width - 1] == PatternAutomaton.accepting
    }

    /// Matches by stepping through the program, and counts the instructions visited.
    package func stepThrough(_ bytes: Span<UInt8>) -> (matches: Bool, visits: Int) {
        var stepper = PatternStepper(program, alphabet)
        var places = [program.start]
        var previous = PatternStepper.Previous.nothing
        var at = 0
        while at < bytes.count {
            let next = alphabet.next(bytes, &at)
            if stepper.advance(&places, after: previous, to: next) { return (true, stepper.visits) }
            if places.isEmpty { return (false, stepper.visits) }
            previous = stepper.previous(afterClass: next)
        }
        return (stepper.advance(&places, after: previous, to: nil), stepper.visits)
    }
}
