import Foundation

/// Whether tests that can run long are to, and with what chance.
///
/// - `SANHU_TORTURE=full` runs the long form; without it they are a sample.
/// - `SANHU_TORTURE_SEED=N` repeats the choices of a run; each failure prints its seed.
/// - `SANHU_TORTURE_REPORT=FILE` collects a line for each thing tried: kind, where, what came of it, separated by tabs.
public enum LongForm {
    private static let environment = ProcessInfo.processInfo.environment

    public static let isFull = environment["SANHU_TORTURE"] == "full"

    public static let seed = environment["SANHU_TORTURE_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1 << 32)

    /// The number for the short form or for the long one.
    public static func scaled(_ short: Int, full: Int) -> Int { isFull ? full : short }

    /// A source of chance for a part of the tests, independent of the others.
    public static func dice(_ part: String) -> Dice {
        Dice(seed: part.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    /// Notes one fault, or how many of a kind will come (`plan`).
    public static func report(_ kind: String, _ place: String, _ result: String, count: Int = 1) {
        guard let path = environment["SANHU_TORTURE_REPORT"], let file = fopen(path, "a") else { return }
        let result = result.replacing("\n", with: " ").replacing("\t", with: " ")
        fputs("\(kind)\t\(place)\t\(result)\t\(count)\n", file)
        fclose(file)
    }
}
