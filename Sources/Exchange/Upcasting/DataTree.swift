internal import JSON

/// An event's data while its members are moved about: objects member by member, all else as it is written.
indirect enum DataTree {
    case object([Member])
    case text([UInt8])

    struct Member {
        let key: String
        var value: DataTree
    }

    init(_ value: JSONValue) {
        guard value.kind == .object else {
            self = .text(Array(value.text))
            return
        }
        self = .object(value.members.map { Member(key: $0.key, value: DataTree($0.value)) })
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .text(let text): writer.raw(text)
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.key(member.key)
                    member.value.write(to: &writer)
                }
            }
        }
    }

    /// The value as JSON.
    var text: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The value that member names lead to, or nil.
    func value(at path: ArraySlice<String>) -> DataTree? {
        guard let name = path.first else { return self }
        guard case .object(let members) = self, let index = Self.index(of: name, in: members) else { return nil }
        return members[index].value.value(at: path.dropFirst())
    }

    /// Takes the member out that names lead to.
    ///
    /// - Returns: Its value, or nil if there is none.
    mutating func remove(at path: ArraySlice<String>) -> DataTree? {
        guard let name = path.first, case .object(var members) = self, let index = Self.index(of: name, in: members)
        else { return nil }
        let removed: DataTree?
        if path.count == 1 {
            removed = members.remove(at: index).value
        } else {
            removed = members[index].value.remove(at: path.dropFirst())
        }
        self = .object(members)
        return removed
    }

    /// Puts a value in, as the last member of its object; objects on the way that are missing are made.
    ///
    /// - Returns: Whether it could: not if the name is taken, or something on the way is no object.
    mutating func insert(_ value: DataTree, at path: ArraySlice<String>) -> Bool {
        guard let name = path.first, case .object(var members) = self else { return false }
        if let index = Self.index(of: name, in: members) {
            guard path.count > 1, members[index].value.insert(value, at: path.dropFirst()) else { return false }
        } else if path.count == 1 {
            members.append(Member(key: name, value: value))
        } else {
            var made = DataTree.object([])
            guard made.insert(value, at: path.dropFirst()) else { return false }
            members.append(Member(key: name, value: made))
        }
        self = .object(members)
        return true
    }

    private static func index(of name: String, in members: [Member]) -> Int? {
        members.firstIndex { $0.key.utf8.elementsEqual(name.utf8) }
    }
}
