internal import EventLog
internal import Transparency

/// Why a server cannot be run: what it is, and what to do.
public struct ServerFault: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case badSetting, unsafe, badCertificate
        /// What is kept beside the log is of another ledger.
        case foreignState
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        (self.code, self.reason) = (code, reason)
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}

extension ServerSettings {
    /// The policy over witnesses, if there is one.
    func witnessPolicy() throws(ServerFault) -> WitnessPolicy? {
        guard let witnesses else { return nil }
        do throws(LogError) {
            guard let bytes = try DurableFile.read(witnesses) else {
                throw LogError(.notALedger, "There is no file \(witnesses).")
            }
            do throws(NoteError) {
                return try WitnessPolicy(bytes: bytes)
            } catch {
                throw LogError(.corrupted, error.reason)
            }
        } catch {
            throw ServerFault(.badSetting, "The policy over witnesses, \(witnesses), cannot be used: \(error.reason)")
        }
    }

    /// Refuses settings that would show the ledger to a network unprotected.
    func check() throws(ServerFault) {
        guard isLoopback || tls != nil else {
            throw ServerFault(
                .unsafe,
                "\(host) is reached from other machines: give a certificate and its key, or listen on 127.0.0.1.")
        }
        guard !isDevelopment || (isLoopback && tls == nil) else {
            throw ServerFault(
                .unsafe, "In development who calls is believed: that is for 127.0.0.1 alone, and without a certificate."
            )
        }
        guard (0...65_535).contains(port) else { throw ServerFault(.badSetting, "A port is from 0 to 65535.") }
    }
}
