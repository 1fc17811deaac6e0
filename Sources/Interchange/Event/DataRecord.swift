import JSON

/// The data of an event while it is put together: members in order, and none without a value.
struct DataRecord: Hashable, Sendable {
    private(set) var members: [Member] = []

    struct Member: Hashable, Sendable {
        let key: String
        let value: DataValue
    }

    var isEmpty: Bool { members.isEmpty }

    /// Sets a text, for example an identifier; nil and the empty text are left out.
    mutating func set(_ key: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        members.append(Member(key: key, value: .text(text)))
    }

    /// Sets a number, digit for digit as the message gives it. What is no JSON number stays text.
    mutating func set(_ key: String, number: String?) {
        guard let number, !number.isEmpty else { return }
        members.append(Member(key: key, value: .number(number)))
    }

    mutating func set(_ key: String, _ value: DataValue) {
        members.append(Member(key: key, value: value))
    }

    mutating func set(_ key: String, _ flag: Bool) {
        members.append(Member(key: key, value: .flag(flag)))
    }

    mutating func set(_ key: String, _ record: DataRecord?) {
        guard let record, !record.isEmpty else { return }
        members.append(Member(key: key, value: .record(record)))
    }

    mutating func set(_ key: String, _ records: [DataRecord]) {
        let values = records.filter { !$0.isEmpty }.map(DataValue.record)
        if !values.isEmpty { members.append(Member(key: key, value: .list(values))) }
    }

    mutating func set(_ key: String, _ texts: [String]) {
        let values = texts.filter { !$0.isEmpty }.map(DataValue.text)
        if !values.isEmpty { members.append(Member(key: key, value: .list(values))) }
    }

    /// Adds the members of another record after its own. Lists of the same key become one list; of two other values
    /// the first stands, because an object must not name a key twice.
    mutating func merge(_ other: DataRecord) {
        for member in other.members {
            guard let index = members.firstIndex(where: { $0.key == member.key }) else {
                members.append(member)
                continue
            }
            if case .list(let own) = members[index].value, case .list(let more) = member.value {
                members[index] = Member(key: member.key, value: .list(own + more))
            }
        }
    }

    /// The members with some names, and those without.
    func split(_ names: Set<String>) -> (with: DataRecord, without: DataRecord) {
        var (with, without) = (DataRecord(), DataRecord())
        for member in members {
            if names.contains(member.key) { with.members.append(member) } else { without.members.append(member) }
        }
        return (with, without)
    }

    /// A record of one measure or amount: its number, and what it is counted in.
    init(value: String?, key: String, unit: String?, unitKey: String) {
        guard value != nil else { return }
        set(key, number: value)
        set(unitKey, unit)
    }

    init() {}

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for member in members {
                writer.key(member.key)
                member.value.write(to: &writer)
            }
        }
    }
}
