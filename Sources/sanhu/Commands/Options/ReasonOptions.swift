import ArgumentParser

/// Why something is done, if it is said.
struct ReasonOptions: ParsableArguments {
    @Option(name: .long, help: "Why. May be given several times.")
    var reason: [String] = []
}

/// Why something is done that is not done without reasons.
struct GivenReasonOptions: ParsableArguments {
    @Option(name: .long, help: "Why, and on which legal basis. May be given several times.")
    var reason: [String]
}
