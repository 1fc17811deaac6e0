import EventLog
import Foundation

/// What the person in front of the terminal sees.
enum Terminal {
    /// Whether standard error is a terminal: then there are progress bars.
    static let showsProgress = isatty(STDERR_FILENO) == 1
    /// Whether standard output is a terminal that wants colour.
    static let hasColour = isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// Says something to the person.
    static func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Array((text + "\n").utf8))
    }

    /// Says why a command failed, and ends the process.
    static func fail(_ failure: CommandFailure) -> Never {
        Output.standard.flush()
        let code = failure.word.map { " (\($0))" } ?? ""
        say("sanhu: \(failure.reason)\(code)")
        exit(failure.code.rawValue)
    }

    /// A text in a colour, if there is colour.
    static func coloured(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The colours in use.
    enum Colour: String {
        case faint = "2"
        case bold = "1"
        case good = "32"
        case bad = "31"
        case name = "36"
    }
}
