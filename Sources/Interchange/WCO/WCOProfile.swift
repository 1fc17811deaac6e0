/// Whose messages are read: who the authority, the declarants and the terminals are in the exchange, and under which
/// source each speaks. A source belongs to one agency.
struct WCOProfile: Hashable, Sendable {
    let authority: Producer
    let declarants: Producer
    let terminals: Producer

    /// The Customs Declaration Service of the United Kingdom, and the inventory systems of its ports.
    static let unitedKingdom = WCOProfile(
        authority: Producer(agency: "CUS", source: "/customs/gb/cds"),
        declarants: Producer(agency: "DEC", source: "/declarants/gb/cds"),
        terminals: Producer(agency: "TER", source: "/terminals/gb/inventory"))
}
