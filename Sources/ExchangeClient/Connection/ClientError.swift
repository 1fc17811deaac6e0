public import ExchangeProtocol

/// Why a client could not do what it was asked for.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// What it was set up with cannot be: an address, a certificate, a key.
        case invalidSettings
        /// Nobody answers at the address, or not in time.
        case unreachable
        /// The server's certificate is of no authority that is trusted, or of another name.
        case untrusted
        /// The answer broke off before its end.
        case interrupted
        /// The server refuses: ``ClientError/problem`` says why.
        case refused
        /// The answer is not of the form that it should have.
        case malformedAnswer
        /// What came is not what the ledger's key stands for: do not use it, and keep it as evidence.
        case notVerified
        /// Too few witnesses vouch for it, or too long ago.
        case notWitnessed
        /// A file of the client's own cannot be read or written, or is of another ledger.
        case badState
    }

    public let code: Code
    /// What happened, to what, and what to do.
    public let reason: String
    /// What the server said.
    public let problem: Problem?

    init(_ code: Code, _ reason: String, problem: Problem? = nil) {
        (self.code, self.reason, self.problem) = (code, reason, problem)
    }

    init(_ problem: Problem) {
        self.init(.refused, problem.detail, problem: problem)
    }

    /// Whether the same may succeed later, unchanged. An append may always be made again.
    public var isRetryable: Bool {
        switch code {
        case .unreachable, .interrupted: true
        case .refused: problem?.retry == .later
        default: false
        }
    }

    public var description: String { problem.map { "\($0.code): \(reason)" } ?? "\(code.rawValue): \(reason)" }
}
