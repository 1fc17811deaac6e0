internal import EventLog
internal import JSON
public import Transparency

/// A ledger that is served over HTTP: docs/client.md.
///
/// ```swift
/// var settings = ClientSettings(url: "https://port.example")
/// settings.credential = .key(AgencyCredential(agency: "CUS", keyID: "CUS-1", privateKey: key))
/// let client = try ExchangeClient(settings)
/// let receipts = try await client.append([EventDraft(agency: "CUS", event: event)])
/// for try await entry in client.entries(ReadSelection(tags: [try Tag("declaration:1")])) { print(entry.text) }
/// await client.close()
/// ```
///
/// Nothing that a server says is believed but what ``verified(_:key:known:_:)`` has held against the ledger's key.
public struct ExchangeClient: Sendable {
    let transport: Transport

    /// - Throws: ``ClientError`` with code `.invalidSettings`.
    public init(_ settings: ClientSettings) throws(ClientError) {
        transport = try Transport(settings)
    }

    /// Closes all connections. Nothing may be under way.
    public func close() async { await transport.close() }

    /// The ledger's checkpoint; if witnesses are demanded, the latest that they vouch for.
    ///
    /// - Parameter key: The ledger's public key; the checkpoint is signed with it.
    /// - Throws: ``ClientError``: `.notVerified` if it is not, `.notWitnessed` if too few vouch for it.
    public func checkpoint(key: NoteVerifier) async throws(ClientError) -> SignedNote {
        if transport.settings.witnesses != nil { return try await witnessedCheckpoint(key: key) }
        return try await latest(key: key)
    }

    /// The latest checkpoint, signed with the ledger's key.
    func latest(key: NoteVerifier) async throws(ClientError) -> SignedNote {
        let bytes = try await transport.collect(ClientRequest(path: ["checkpoint"]))
        do throws(NoteError) {
            let note = try SignedNote(String(decoding: bytes, as: UTF8.self))
            _ = try Checkpoint(note, verifiedBy: key)
            return note
        } catch {
            throw ClientError(.notVerified, "The checkpoint is not signed with the key \(key.name): \(error.reason)")
        }
    }

    /// The lines of JSON that something else answers: `["cases", "declaration:1"]`, `["boards", "inbox"]`, `["reports", "K22"]`.
    ///
    /// - Parameters:
    ///   - path: The parts of its path.
    ///   - parameters: Those of docs/http.md.
    /// - Throws: ``ClientError``.
    public func lines(
        of path: [String], _ parameters: [(name: String, value: String)] = []
    ) async throws(ClientError) -> [[UInt8]] {
        let bytes = try await transport.collect(ClientRequest(path: path, parameters: parameters))
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// Sends JSON, and takes the answer's lines. It is made again after failures that may pass: what is sent must bear that.
    ///
    /// - Throws: ``ClientError``.
    public func post(
        _ json: [UInt8], to path: [String], _ parameters: [(name: String, value: String)] = [], method: String = "POST"
    ) async throws(ClientError) -> [[UInt8]] {
        let request = ClientRequest(
            method: method, path: path, parameters: parameters, headers: [("Content-Type", "application/json")],
            body: json)
        return try await transport.collect(request).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }
}
