import ArgumentParser

/// `sanhu witness`.
struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Vouch for a ledger: that it shows everyone the same history.",
        discussion: """
            A witness cosigns a ledger's checkpoint if it continues the last one that it cosigned, and keeps both if it does \
            not (C2SP tlog-witness). Whoever demands the cosignatures of enough witnesses, by --witnesses POLICY, cannot be \
            shown a history of its own. docs/witnesses.md says how one is run.

            EXAMPLES
              sanhu witness init --name customs.example/witness --state witness/
              sanhu witness key --state witness/
              sanhu witness follow https://port.example --state witness/ \\
                --key port.example/ledger+2d3c…+AT…
              sanhu witness status --state witness/
            """,
        subcommands: [
            WitnessInit.self, WitnessKey.self, WitnessFollow.self, WitnessServe.self, WitnessCosign.self,
            WitnessFeed.self, WitnessStatus.self, WitnessEvidenceCommand.self,
        ])
}
