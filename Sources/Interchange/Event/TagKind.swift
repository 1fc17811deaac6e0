/// The kinds of object an imported event may be about.
enum TagKind: String, Hashable, Sendable {
    /// A declaration by the number the authority gave it.
    case declaration
    /// A declaration or another message by the sender's own reference.
    case lrn
    /// A consignment by its unique reference.
    case ucr
    case enterprise
    case office
    case container
    case seal
    /// A ship, aircraft, train or vehicle by its number or name.
    case conveyance
    /// A place where goods lie, by country, type and code.
    case location
    /// A licence, certificate or authorisation.
    case permit
    /// Goods by the six digits of the Harmonized System all countries share.
    case hs
    /// An alert by the reference that the network of those who alert one another gave it.
    case notification
    /// An agency that the event is addressed to, by its code in the exchange.
    case agency
}
