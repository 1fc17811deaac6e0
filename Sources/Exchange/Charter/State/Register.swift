import EventLog

/// All that the charter says of things of one kind, by their names.
struct Register<Value: CharterPart>: Sendable, Hashable {
    private var timelines: [CharterPartName: Timeline<Value>] = [:]

    var count: Int { timelines.count }

    func timeline(_ name: CharterPartName) -> Timeline<Value>? { timelines[name] }

    /// The last word on a thing, whether or not it has taken effect or has ended.
    func last(_ name: CharterPartName) -> Value? { timelines[name]?.last }

    /// What is said of a thing at a time, whether or not it holds.
    func value(_ name: CharterPartName, at time: Timestamp) -> Value? { timelines[name]?.value(at: time) }

    /// What is said of a thing at a time, if it holds then.
    ///
    /// - Complexity: O(log *v*) in what was said of it, by hash.
    func inForce(_ name: CharterPartName, at time: Timestamp) -> Value? {
        guard let value = timelines[name]?.value(at: time), value.validity.contains(time) else { return nil }
        return value
    }

    /// Everything that satisfies a condition, sorted by name: what holds at a time or, if it is nil, the last word on each.
    func all(at time: Timestamp?, where condition: (Value) -> Bool = { _ in true }) -> [Value] {
        let values: [Value] =
            if let time {
                timelines.values.compactMap { timeline in
                    timeline.value(at: time).flatMap { $0.validity.contains(time) && condition($0) ? $0 : nil }
                }
            } else {
                timelines.values.map(\.last).filter(condition)
            }
        return values.sorted { $0.name < $1.name }
    }

    /// The last word on each of which something was ever said that satisfies a condition, or will be, sorted by name.
    func everSaid(_ condition: (Value) -> Bool) -> [Value] {
        timelines.values.filter { $0.versions.contains { condition($0.value) } }.map(\.last).sorted {
            $0.name < $1.name
        }
    }

    /// The first time after another one at which something begins or ends.
    func turningPoint(after time: Timestamp) -> Timestamp? {
        timelines.values.lazy.flatMap(\.versions).flatMap { [$0.effective] + $0.value.boundaries }.filter { $0 > time }
            .min()
    }

    mutating func put(_ value: Value, effective: Timestamp) {
        if timelines[value.name]?.add(value, effective: effective) == nil {
            timelines[value.name] = Timeline(value, effective: effective)
        }
    }
}
