internal import EventLog
internal import Foundation
internal import JSON
internal import NIOConcurrencyHelpers

/// The tokens that their agencies have revoked, until they would have ended anyway. They outlive the server: a file in the
/// ledger's folder `state` holds them.
final class RevokedTokens: Sendable {
    /// The most of one agency: then it should have its key revoked.
    static let maximumPerAgency = 1_024

    private struct Name: Hashable {
        let agency: String
        let id: String
    }

    private let path: String
    /// When each ends, in seconds since 1970.
    private let tokens: NIOLockedValueBox<[Name: Int64]>

    /// - Throws: ``LogError`` with code `.corrupted` for a file that is not of its form: what was revoked is not believed
    ///   again because a file is damaged.
    init(path: String) throws(LogError) {
        self.path = path
        var found: [Name: Int64] = [:]
        if let bytes = try DurableFile.read(path) {
            guard let root = try? JSONDocument(parsing: bytes).root, root.kind == .array else {
                throw Self.damaged(path)
            }
            for element in root.elements {
                guard let agency = element["agency"]?.string, let id = element["id"]?.string,
                    let end = element["until"]?.integer
                else { throw Self.damaged(path) }
                found[Name(agency: agency, id: id)] = end
            }
        }
        tokens = NIOLockedValueBox(found)
    }

    func contains(agency: String, id: String) -> Bool {
        tokens.withLockedValue { $0[Name(agency: agency, id: id)] != nil }
    }

    /// Revokes a token; durable on return.
    ///
    /// - Parameters:
    ///   - end: When it ends by itself at the latest, in seconds since 1970.
    /// - Throws: ``LogError``: `.limitExceeded` if the agency has revoked too many, or why it could not be written.
    func insert(agency: String, id: String, until end: Int64, now: Int64) throws(LogError) {
        let failure = tokens.withLockedValue { tokens -> LogError? in
            var kept = tokens.filter { $0.value >= now }
            kept[Name(agency: agency, id: id)] = end
            guard kept.keys.count(where: { $0.agency == agency }) <= Self.maximumPerAgency else {
                return LogError(
                    .limitExceeded,
                    "\(agency.prefix(64)) has revoked \(Self.maximumPerAgency) tokens that would still count. Have the key "
                        + "that signed them revoked in the charter.")
            }
            do throws(LogError) {
                try Self.write(kept, to: path)
            } catch {
                return error
            }
            tokens = kept
            return nil
        }
        if let failure { throw failure }
    }

    private static func write(_ tokens: [Name: Int64], to path: String) throws(LogError) {
        var json = JSONWriter()
        json.array { json in
            for (name, end) in tokens.sorted(by: { ($0.value, $0.key.id) < ($1.value, $1.key.id) }) {
                json.object { json in
                    json.member("agency", name.agency)
                    json.member("id", name.id)
                    json.member("until", end)
                }
            }
        }
        json.endLine()
        let folder = DurableFile.folder(of: path)
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw LogError(.permissionDenied, "The folder \(folder) cannot be made.")
        }
        try DurableFile.write(json.bytes, to: path, mode: 0o600)
    }

    private static func damaged(_ path: String) -> LogError {
        LogError(
            .corrupted,
            "The file \(path) of revoked tokens is damaged. Have the keys that signed them revoked, or wait an hour, and "
                + "remove it.")
    }
}
