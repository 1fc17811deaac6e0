import ArgumentParser
import ExchangeClient
import Foundation
import Transparency

/// Which server is asked instead of a folder, and as whom.
struct ServerOptions: ParsableArguments {
    @Option(name: .long, help: "The address of a server, https://port.example, instead of --ledger; else SANHU_SERVER.")
    var server: String?

    @Option(name: .customLong("agency-key"), help: "With --server: the file of the agency's private key …")
    var agencyKey: String?

    @Option(name: .customLong("key-id"), help: "… and the id that it has in the charter. Else a token in SANHU_TOKEN.")
    var keyID: String?

    @Option(name: .customLong("trust"), help: "With --server: the ledger's public key. What comes is verified by it.")
    var trust: String?

    @Option(name: .long, help: "With --trust: the file of a policy over witnesses; enough of them must vouch for it.")
    var witnesses: String?

    @Option(
        name: .customLong("witness-age"), help: "With --witnesses: how old a cosignature may be, in seconds; 86400.")
    var witnessAge: UInt64?

    @Option(name: .customLong("ca"), help: "With --server: the PEM file of the authorities that its certificate is of.")
    var authorities: String?

    @Option(name: .customLong("client-certificate"), help: "With --server: PEM files of one's certificate …")
    var certificate: String?

    @Option(name: .customLong("client-key"), help: "… and of its key.")
    var certificateKey: String?

    func validate() throws {
        guard (certificate == nil) == (certificateKey == nil) else {
            throw ValidationError("--client-certificate and --client-key go together.")
        }
        guard (agencyKey == nil) == (keyID == nil) else {
            throw ValidationError("--agency-key and --key-id go together.")
        }
        guard witnesses == nil || trust != nil else {
            throw ValidationError("--witnesses goes with --trust: without the ledger's key nothing is verified.")
        }
        guard witnessAge == nil || witnesses != nil else {
            throw ValidationError("--witness-age goes with --witnesses.")
        }
        let others = [agencyKey, trust, authorities, certificate]
        guard address != nil || others.allSatisfy({ $0 == nil }) else {
            throw ValidationError("--agency-key, --trust, --ca and --client-certificate go with --server.")
        }
    }

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The address, or nil if a folder is meant.
    var address: String? { server ?? Self.environment("SANHU_SERVER") }

    /// Whether a token says role, purpose and case, and not the request.
    var tellsByToken: Bool { agencyKey != nil || Self.environment("SANHU_TOKEN") != nil }

    /// The ledger's public key, if it is known.
    var key: NoteVerifier? {
        get throws { try trust.map { try PublicKeyOptions.verifier($0) } }
    }

    /// Who asks, in which role, for what.
    struct Claim {
        var agency: String?
        var role: String?
        var purpose: String?
        var caseName: String?
    }

    /// A client that calls as somebody.
    func client(_ address: String, as claim: Claim) throws -> ExchangeClient {
        var settings = ClientSettings(url: address)
        settings.credential = try credential(claim)
        settings.authorities = authorities
        settings.witnesses = try witnesses.map { file in
            WitnessDemand(try PolicyFile.read(file), maximumAge: witnessAge ?? 86_400)
        }
        if let certificate, let certificateKey { settings.certificate = .init(chain: certificate, key: certificateKey) }
        return try ExchangeClient(settings)
    }

    /// Calls with a client, which is closed in the end.
    ///
    /// - Parameter claim: As whom; nobody asks what everybody may ask.
    func asking<Result>(
        as claim: Claim = Claim(), _ body: (ExchangeClient) async throws -> Result
    ) async throws -> Result {
        guard let address else { throw ValidationError("Which server? Give --server URL or set SANHU_SERVER.") }
        let client = try client(address, as: claim)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// Refuses the ledger's key for what is not verified where it is fetched.
    func refuseTrust(_ remedy: String) throws {
        if trust != nil { throw ValidationError("--trust does not go with this: \(remedy)") }
    }

    private func credential(_ claim: Claim) throws -> ClientCredential {
        if let agencyKey, let keyID {
            guard let agency = claim.agency else { throw ValidationError("Whose key is it? Give --as AGENCY.") }
            return .key(
                AgencyCredential(
                    agency: agency, keyID: keyID, privateKey: try AgencyKeyFile(path: agencyKey).key(),
                    role: claim.role, purpose: claim.purpose, caseName: claim.caseName))
        }
        if let token = Self.environment("SANHU_TOKEN") { return .token(token) }
        if certificate != nil { return .certificate }
        guard let agency = claim.agency, agency != "public" else { return .anonymous }
        // Only a server in development mode believes it.
        return .development(agency: agency)
    }
}
