public import EventLog

/// An Ed25519 key by which an agency signs amendments and events.
public struct AgencyKey: Sendable, Hashable {
    /// What it is known by, for ever: another key of the agency has another id.
    public let id: String
    public let agency: String
    /// The 32 bytes of the public key.
    public let publicKey: [UInt8]
    public let validity: Validity
    /// From when on nothing that it signs counts, because somebody else may have it.
    public let revoked: Timestamp?

    /// Whether what it signs at a time counts, as far as the key is concerned.
    public func maySign(at time: Timestamp) -> Bool {
        validity.contains(time) && revoked.map { time < $0 } ?? true
    }
}

extension AgencyKey: CharterPart {
    var name: CharterPartName { CharterPartName(id) }

    var boundaries: [Timestamp] { validity.boundaries + [revoked].compactMap(\.self) }

    func ended(at time: Timestamp) -> AgencyKey {
        AgencyKey(
            id: id, agency: agency, publicKey: publicKey, validity: validity.ended(at: time), revoked: revoked)
    }
}
