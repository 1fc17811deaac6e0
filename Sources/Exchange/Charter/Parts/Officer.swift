public import EventLog

/// Somebody, or some system, that acts for an agency.
public struct Officer: Sendable, Hashable {
    /// A role and when it is held.
    public struct Role: Sendable, Hashable {
        public let role: String
        public let validity: Validity
    }

    public let agency: String
    /// What it is known by within its agency.
    public let id: String
    public let roles: [Role]

    /// Whether it holds a role at a time. The same role may stand there for several times.
    ///
    /// - Complexity: O(*r*) in the number of its roles, at most ``CharterLimits/rolesPerOfficer``.
    public func has(_ role: String, at time: Timestamp) -> Bool {
        roles.contains { $0.role.utf8.elementsEqual(role.utf8) && $0.validity.contains(time) }
    }
}

extension Officer: CharterPart {
    var name: CharterPartName { CharterPartName(agency, id) }

    /// From its first role to the end of its last.
    var validity: Validity {
        let (starts, ends) = (roles.map(\.validity.from), roles.map(\.validity.to))
        return Validity(
            from: starts.contains(nil) ? nil : starts.compactMap(\.self).min(),
            to: ends.contains(nil) ? nil : ends.compactMap(\.self).max())
    }

    var boundaries: [Timestamp] { roles.flatMap(\.validity.boundaries) }

    func ended(at time: Timestamp) -> Officer {
        Officer(
            agency: agency, id: id, roles: roles.map { Role(role: $0.role, validity: $0.validity.ended(at: time)) })
    }
}
