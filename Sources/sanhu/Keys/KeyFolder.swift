import EventLog
import Foundation
import Transparency

/// Where signing keys are kept: files that only their owner may read, outside any ledger's folder.
struct KeyFolder {
    let path: String

    /// SANHU_KEYS, or `sanhu/keys` in the user's folder for configuration.
    static var standard: KeyFolder {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["SANHU_KEYS"], !path.isEmpty { return KeyFolder(path: path) }
        let configuration = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? ".") + "/.config"
        return KeyFolder(path: configuration + "/sanhu/keys")
    }

    /// The file of the key that signs as a verifier.
    func file(for verifier: NoteVerifier) -> String {
        let name = verifier.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") ? $0 : "_" }
        return "\(path)/\(String(name))-\(String(verifier.id, radix: 16)).key"
    }

    /// Writes a new key to its file.
    func store(_ signer: NoteSigner, at file: String? = nil) throws -> String {
        let file = file ?? self.file(for: signer.verifier)
        let folder = DurableFile.folder(of: file)
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch CocoaError.fileWriteNoPermission {
            throw LogError(.permissionDenied, "No permission to make the folder \(folder) for the key.")
        } catch {
            throw CommandFailure(.failed, "The folder \(folder) for the key cannot be made: \(error)")
        }
        guard !FileManager.default.fileExists(atPath: file) else {
            throw CommandFailure(.refused, "\(file) exists already. Choose another file for the key.")
        }
        // Durable before the ledger is: one whose key is lost can take nothing any more.
        try DurableFile.write(Array((signer.secretText + "\n").utf8), to: file, mode: 0o600)
        return file
    }

    /// Reads the key that signs as a verifier.
    ///
    /// - Parameter file: The file, or nil for the one where such keys are kept.
    func signer(for verifier: NoteVerifier, file: String?) throws -> NoteSigner {
        let given = file ?? ProcessInfo.processInfo.environment["SANHU_KEY"] ?? ""
        let file = given.isEmpty ? self.file(for: verifier) : given
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
            let data = FileManager.default.contents(atPath: file)
        else {
            throw CommandFailure(
                LogError(
                    .missingKey,
                    "The key that signs for “\(verifier.name)” is not at \(file). Give it by --key FILE or SANHU_KEY."))
        }
        guard let mode = attributes[.posixPermissions] as? Int, mode & 0o077 == 0 else {
            throw CommandFailure(
                LogError(.permissionDenied, "\(file) may be read by others. Run `chmod 600 \(file)` first."))
        }
        do {
            return try NoteSigner(secretText: String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
        } catch {
            throw CommandFailure(.notNow, "\(file): \(error)")
        }
    }
}
