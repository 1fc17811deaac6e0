/// Why a witness does not cosign a checkpoint.
public struct WitnessRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of refusal, as C2SP tlog-witness tells them apart.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// What was submitted is not of its form, or its sizes contradict one another.
        case malformed
        /// The log's key has not signed it.
        case wrongSignature
        /// The witness does not follow that log.
        case unknownLog
        /// The proof begins at another size than the one cosigned last.
        case otherSize
        /// The log has signed another root for the size cosigned last.
        case forked
        /// The proof does not show that the log continues what was cosigned last.
        case notProved

        /// The status of HTTP.
        public var status: Int {
            switch self {
            case .malformed: 400
            case .wrongSignature: 403
            case .unknownLog: 404
            case .otherSize, .forked: 409
            case .notProved: 422
            }
        }
    }

    public let code: Code
    public let reason: String
    /// The size that was cosigned last, where that is what the log must know.
    public let size: UInt64?
    /// What shows that the log has two histories, if anything does.
    public let evidence: WitnessEvidence?

    init(_ code: Code, _ reason: String, size: UInt64? = nil, evidence: WitnessEvidence? = nil) {
        (self.code, self.reason, self.size, self.evidence) = (code, reason, size, evidence)
    }

    public var description: String { "\(code.rawValue): \(reason)" }
}
