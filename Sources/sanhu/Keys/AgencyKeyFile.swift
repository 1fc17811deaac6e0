import Crypto
import Foundation
import Transparency

/// The file of the key by which an agency signs charters, events and tokens: base64 of 32 bytes, for its owner alone.
struct AgencyKeyFile {
    let path: String

    /// Reads the key.
    func key() throws -> Curve25519.Signing.PrivateKey {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let text = FileManager.default.contents(atPath: path)
        else { throw CommandFailure(.notThere, "There is no key at \(path), or it cannot be read.") }
        guard let mode = attributes[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw CommandFailure(.notNow, "\(path) may be read by others. Run `chmod 600 \(path)` first.")
        }
        let line = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = Base64.decode(line), let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        else { throw CommandFailure(.refused, "\(path) holds no key as `sanhu charter key` makes them.") }
        return key
    }
}
