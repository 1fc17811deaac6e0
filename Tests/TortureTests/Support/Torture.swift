import Foundation
import TestSupport

/// How hard the fault tests are run, on what, and with what chance.
///
/// ``LongForm`` says how long and with what chance; the short form takes less than a minute. `SANHU_BINARY=FILE` is the
/// program under test; else the one that was built beside the tests.
enum Torture {
    private static let environment = ProcessInfo.processInfo.environment

    static let isFull = LongForm.isFull
    static let seed = LongForm.seed

    /// The program under test.
    static let binary: String = {
        if let path = environment["SANHU_BINARY"], !path.isEmpty { return path }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("sanhu").path
    }()

    /// Where ledgers are kept in which something was found wrong: `SANHU_TORTURE_KEEP`, else the temporary folder.
    static let keepFolder = environment["SANHU_TORTURE_KEEP"] ?? NSTemporaryDirectory()

    /// The number for the short form or for the long one.
    static func scaled(_ short: Int, full: Int) -> Int { LongForm.scaled(short, full: full) }

    /// A source of chance for a part of the tests, independent of the others.
    static func dice(_ part: String) -> Dice { LongForm.dice(part) }

    /// How to run a test again with the same choices.
    static func repeating(_ test: String) -> String {
        "Again: SANHU_TORTURE=\(isFull ? "full" : "short") SANHU_TORTURE_SEED=\(seed) SANHU_BINARY=\(binary) "
            + "swift test --filter \(test)"
    }

    /// Notes one fault, or how many of a kind will come (`plan`).
    static func report(_ kind: String, _ place: String, _ result: String, count: Int = 1) {
        LongForm.report(kind, place, result, count: count)
    }
}

/// What was found wrong.
struct TortureFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Throws if something does not hold.
func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    if !holds { throw TortureFailure(what()) }
}
