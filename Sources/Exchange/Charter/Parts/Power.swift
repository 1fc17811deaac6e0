import EventLog

/// An item of the list of powers (权力清单): which events an agency may append, where and when.
public struct Power: Sendable, Hashable {
    public let id: String
    public let agency: String
    /// Event types; one that ends with `.*` stands for all types that begin like it.
    public let types: [String]
    /// Codes of the ports it holds for; nil for all, and for events of no port.
    public let ports: [String]?
    public let validity: Validity

    /// Whether it holds for a port, or for an event that names none.
    public func covers(port: String?) -> Bool {
        guard let ports else { return true }
        guard let port else { return false }
        return ports.contains { $0.utf8.elementsEqual(port.utf8) }
    }
}

extension Power: CharterPart {
    var name: CharterPartName { CharterPartName(id) }

    func ended(at time: Timestamp) -> Power {
        Power(id: id, agency: agency, types: types, ports: ports, validity: validity.ended(at: time))
    }
}
