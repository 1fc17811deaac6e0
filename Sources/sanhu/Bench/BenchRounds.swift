import ArgumentParser

/// How much is measured how often.
struct BenchRounds: ParsableArguments {
    @Option(name: .long, help: "How many events.")
    var events: Int = 100_000

    @Option(name: .long, help: "How many times each is measured; the medians count.")
    var rounds: Int = 3

    func validate() throws {
        guard events > 0, rounds > 0 else { throw ValidationError("--events and --rounds are at least 1.") }
    }
}
