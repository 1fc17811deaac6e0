import ArgumentParser
import Foundation

/// Asks the person in front of the terminal before something that cannot be taken back.
enum Confirmation {
    /// Returns once the person has typed a word.
    ///
    /// - Throws: ``CommandFailure`` if another one was typed, `ValidationError` if nobody can be asked.
    static func ask(_ question: String, word: String) throws {
        guard isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("Standard input is no terminal, so nobody can be asked. Give --yes if you are sure.")
        }
        Terminal.say("\(question)\nType “\(word)” to go on:")
        guard readLine() == word else { throw CommandFailure(.refused, "Nothing was done: it was not confirmed.") }
    }
}
