import EventLog

extension Tag {
    /// A tag of a kind and a value that are known to make one.
    init(known kind: String, _ value: String) {
        do {
            try self.init(kind: kind, value: value)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
