public import EventLog
public import Transparency

/// Why a witness did not cosign.
public enum WitnessFault: Error, Sendable, CustomStringConvertible {
    /// The log is not what it should be, or what was submitted is not.
    case refused(WitnessRefusal)
    /// The witness's own folder cannot be read or written. Nothing was cosigned.
    case failed(LogError)

    public var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .failed(let error): "\(error.code.rawValue): \(error.reason)"
        }
    }
}
