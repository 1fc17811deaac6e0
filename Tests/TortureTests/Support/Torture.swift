import Foundation
import TestSupport

/// How hard the fault tests are run, on what, and with what chance.
///
/// - `SANHU_TORTURE=full` runs the long form; without it they are a sample that takes less than a minute.
/// - `SANHU_TORTURE_SEED=N` repeats the choices of a run; each failure prints its seed.
/// - `SANHU_BINARY=FILE` is the program under test; else the one that was built beside the tests.
/// - `SANHU_TORTURE_REPORT=FILE` collects a line for each fault: kind, where, what came of it, separated by tabs.
enum Torture {
    private static let environment = ProcessInfo.processInfo.environment

    static let isFull = environment["SANHU_TORTURE"] == "full"

    static let seed = environment["SANHU_TORTURE_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 32)

    /// The program under test.
    static let binary: String = {
        if let path = environment["SANHU_BINARY"], !path.isEmpty { return path }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return own.deletingLastPathComponent().appendingPathComponent("sanhu").path
    }()

    /// Where ledgers are kept in which something was found wrong: `SANHU_TORTURE_KEEP`, else the temporary folder.
    static let keepFolder = environment["SANHU_TORTURE_KEEP"] ?? NSTemporaryDirectory()

    /// The number for the short form or for the long one.
    static func scaled(_ short: Int, full: Int) -> Int { isFull ? full : short }

    /// A source of chance for a part of the tests, independent of the others.
    static func dice(_ part: String) -> Dice {
        Dice(seed: part.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// How to run a test again with the same choices.
    static func repeating(_ test: String) -> String {
        "Again: SANHU_TORTURE=\(isFull ? "full" : "short") SANHU_TORTURE_SEED=\(seed) SANHU_BINARY=\(binary) "
            + "swift test --filter \(test)"
    }

    /// Notes one fault, or how many of a kind will come (`plan`).
    static func report(_ kind: String, _ place: String, _ result: String, count: Int = 1) {
        guard let path = environment["SANHU_TORTURE_REPORT"] else { return }
        guard let file = fopen(path, "a") else { return }
        let result = result.replacing("\n", with: " ").replacing("\t", with: " ")
        fputs("\(kind)\t\(place)\t\(result)\t\(count)\n", file)
        fclose(file)
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
