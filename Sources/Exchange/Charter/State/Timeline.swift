import EventLog

/// What was said of one thing, by when it takes effect. The later word counts: from its effective time on it replaces all
/// that was said before, also what was to take effect later. What took effect earlier stays.
struct Timeline<Value: Sendable & Hashable>: Sendable, Hashable {
    struct Version: Sendable, Hashable {
        let value: Value
        let effective: Timestamp
    }

    /// In the order of their effective times, of which each is later than the one before.
    private(set) var versions: [Version]

    init(_ value: Value, effective: Timestamp) {
        versions = [Version(value: value, effective: effective)]
    }

    /// The last word, whether or not it has taken effect.
    var last: Value { versions[versions.count - 1].value }

    mutating func add(_ value: Value, effective: Timestamp) {
        while let last = versions.last, last.effective >= effective { versions.removeLast() }
        versions.append(Version(value: value, effective: effective))
    }

    /// What is said of a time; nil before the first word took effect.
    ///
    /// - Complexity: O(log *v*) in the number of versions.
    func value(at time: Timestamp) -> Value? {
        var (low, high) = (0, versions.count)
        while low < high {
            let middle = (low + high) / 2
            if versions[middle].effective <= time { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? versions[low - 1].value : nil
    }
}
