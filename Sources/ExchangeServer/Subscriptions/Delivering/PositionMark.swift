internal import EventLog
internal import LMDB

/// What is kept of one event of a subscription, apart from the cursor.
enum PositionMark: Sendable, Hashable {
    /// It was acknowledged, or passed over, and the cursor is not there yet.
    case acknowledged
    /// It is to be delivered, and was before, so often and in vain; or it was parked and is replayed.
    case open(deliveries: Int, reason: String?)
    /// It was given up for now.
    case parked(deliveries: Int, reason: String)

    var isParked: Bool { if case .parked = self { true } else { false } }

    private static let headBytes = 13

    /// Kind (1), deliveries (4) and time (8, microseconds), little-endian, and the reason in UTF-8.
    ///
    /// - Parameter time: Since when it is so.
    func bytes(since time: Timestamp) -> [UInt8] {
        let (kind, deliveries, reason): (UInt8, Int, String) =
            switch self {
            case .acknowledged: (1, 0, "")
            case .open(let deliveries, let reason): (2, deliveries, reason ?? "")
            case .parked(let deliveries, let reason): (3, deliveries, reason)
            }
        var bytes = [kind]
        bytes.append(littleEndian: UInt32(clamping: deliveries))
        bytes.append(littleEndian: time.microseconds)
        return bytes + reason.utf8
    }

    /// Reads a mark, and since when it is so; nil if the bytes are none.
    static func read(_ bytes: [UInt8]) -> (mark: PositionMark, since: Timestamp)? {
        guard bytes.count >= headBytes else { return nil }
        let deliveries = Int(bytes.span.littleEndianHalf(at: 1))
        let since = Timestamp(microseconds: Int64(bitPattern: bytes.span.littleEndianWord(at: 5)))
        let reason = String(decoding: bytes[headBytes...], as: UTF8.self)
        switch bytes[0] {
        case 1: return (.acknowledged, since)
        case 2: return (.open(deliveries: deliveries, reason: reason.isEmpty ? nil : reason), since)
        case 3: return (.parked(deliveries: deliveries, reason: reason), since)
        default: return nil
        }
    }
}
