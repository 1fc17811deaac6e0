/// Keeps what was used lately, of at most a number of things: two halves, of which the older one is let go when the
/// newer is full.
struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]

    init(limit: Int) {
        half = max(1, limit / 2)
    }

    var count: Int { newer.count + older.count }

    /// The value of a key, which counts as used by that.
    mutating func value(for key: Key) -> Value? {
        if let value = newer[key] { return value }
        guard let value = older.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    mutating func insert(_ value: Value, for key: Key) {
        if newer.count >= half {
            older = newer
            newer = [:]
        }
        newer[key] = value
    }

    mutating func removeAll() {
        newer = [:]
        older = [:]
    }
}
