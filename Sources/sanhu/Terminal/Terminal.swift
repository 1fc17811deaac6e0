import EventLog
import Foundation

/// What the person in front of the terminal sees.
enum Terminal {
    /// Whether standard error is a terminal: then there are progress bars.
    static let showsProgress = isatty(STDERR_FILENO) == 1
    /// Whether standard output is a terminal: then there are tables.
    static let isInteractive = isatty(STDOUT_FILENO) == 1
    /// Whether standard output is a terminal that wants colour.
    static let hasColour = isInteractive && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// Says something to the person.
    ///
    /// - Parameter beginning: What stands before it, in colour.
    static func say(_ text: String, after beginning: String = "") {
        try? FileHandle.standardError.write(contentsOf: Array((beginning + plain(text) + "\n").utf8))
    }

    /// A text without what a terminal would obey: what comes from outside may hold it.
    static func plain(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            if isControl && scalar != "\n" && scalar != "\t" {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// How many columns a text takes: ideographs and what belongs to them take two.
    static func width(_ text: String) -> Int {
        text.reduce(0) { width, character in
            let isWide = character.unicodeScalars.contains { (0x2E80...0xFF60).contains($0.value) }
            return width + (isWide ? 2 : 1)
        }
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
