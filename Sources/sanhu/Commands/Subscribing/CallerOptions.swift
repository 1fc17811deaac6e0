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

    func validate() throws {
        guard remote.trust == nil else {
            throw ValidationError("--trust goes with `sanhu read`: what is delivered is believed.")
        }
    }

    /// What a token does not say itself.
    var claim: (role: String?, purpose: String?, caseName: String?) {
        remote.tellsByToken ? (nil, nil, nil) : (role, purpose, caseName)
    }

    /// Calls with a client, which is closed in the end.
    func calling<Result>(_ body: (ExchangeClient) async throws -> Result) async throws -> Result {
        guard let address = remote.address else {
            throw ValidationError("Which server? Give --server URL or set SANHU_SERVER.")
        }
        let client = try remote.client(
            address,
            as: ServerOptions.Claim(agency: agency, role: role, purpose: purpose, caseName: caseName))
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}
