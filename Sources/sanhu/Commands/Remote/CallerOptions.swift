import ArgumentParser
import ExchangeClient

/// Which server is called, and as whom. It goes with no folder.
struct CallerOptions: ParsableArguments {
    @OptionGroup var remote: ServerOptions

    @Option(name: .customLong("as"), help: "The agency that calls.")
    var agency: String?

    @Option(name: .long, help: "… in this role.")
    var role: String?

    @Option(name: .long, help: "… for this purpose, by its code.")
    var purpose: String?

    @Option(name: .customLong("case"), help: "… for this case.")
    var caseName: String?

    /// What a token does not say itself.
    var claim: (role: String?, purpose: String?, caseName: String?) {
        remote.tellsByToken ? (nil, nil, nil) : (role, purpose, caseName)
    }

    /// Calls with a client, which is closed in the end.
    ///
    /// - Parameter verifies: Whether what comes is held against the ledger's key.
    func calling<Result>(
        verifies: Bool = false, _ body: (ExchangeClient) async throws -> Result
    ) async throws -> Result {
        guard verifies || remote.trust == nil else {
            throw ValidationError("--trust goes with `sanhu read` and `sanhu verify`: what this gets is believed.")
        }
        return try await remote.asking(
            as: ServerOptions.Claim(agency: agency, role: role, purpose: purpose, caseName: caseName), body)
    }
}
