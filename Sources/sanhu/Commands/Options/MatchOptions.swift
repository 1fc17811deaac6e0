import ArgumentParser
import EventLog

/// Which entries, by what they are about.
struct MatchOptions: ParsableArguments {
    @Option(name: .long, help: "A type of event. May be given several times: any of them.")
    var type: [String] = []

    @Option(name: .long, help: "A tag that the entries carry, kind:value. May be given several times: all of them.")
    var tag: [String] = []
}
