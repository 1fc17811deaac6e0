internal import Crypto
internal import LMDB

/// What is stored under a key's number: kind (1), then, for a key in use, its blinded subject (16), the wrapped key
/// (60) and its compartment; for a destroyed one the number of the fence (8, big-endian).
enum KeyRecord: Sendable {
    case live(subject: [UInt8], wrapped: [UInt8], compartment: [UInt8])
    case erased(fence: UInt64)

    static let blindedBytes = 16
    private static let wrappedBytes = 60
    private static let label = Array("sanhu/v1/data-key".utf8)

    init?(_ bytes: [UInt8]) {
        let wrapped = 1 + Self.blindedBytes
        switch bytes.first {
        case 1 where bytes.count >= wrapped + Self.wrappedBytes:
            self = .live(
                subject: Array(bytes[1..<wrapped]), wrapped: Array(bytes[wrapped..<wrapped + Self.wrappedBytes]),
                compartment: Array(bytes[(wrapped + Self.wrappedBytes)...]))
        case 2 where bytes.count == 9:
            self = .erased(fence: bytes.dropFirst().reduce(0) { $0 << 8 | UInt64($1) })
        default: return nil
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .live(let subject, let wrapped, let compartment): return [1] + subject + wrapped + compartment
        case .erased(let fence): return [2] + Self.bigEndian(fence)
        }
    }

    /// What a data-encryption key is wrapped with: it opens under its own number, subject and compartment only.
    static func context(number: UInt64, subject: [UInt8], compartment: [UInt8]) -> [UInt8] {
        label + bigEndian(number) + subject + compartment
    }

    static func bigEndian(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: number)
        return bytes
    }

    static func number(_ bytes: [UInt8]) -> UInt64? {
        bytes.count == 8 ? bytes.reduce(0) { $0 << 8 | UInt64($1) } : nil
    }
}
