import Crypto
import Foundation
import Transparency

@testable import ExchangeClient

extension ServerLab {
    /// Calls with a client of an agency, which is closed in the end.
    ///
    /// - Parameter url: Where it calls; nil for the server.
    @discardableResult
    func calling<Result>(
        _ url: String? = nil, as agency: String = "CUS", purpose: String? = nil,
        _ change: (inout ClientSettings) -> Void = { _ in }, _ body: (ExchangeClient) async throws -> Result
    ) async throws -> Result {
        var settings = ClientSettings(url: url ?? self.url)
        settings.credential = .key(
            AgencyCredential(
                agency: agency, keyID: agency + "-1", privateKey: try Self.key(agency + "-1"), purpose: purpose))
        settings.retry = RetryPolicy(attempts: 200, first: .milliseconds(5), longest: .milliseconds(50))
        change(&settings)
        let client = try ExchangeClient(settings)
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
