internal import JSON

/// What an event says that governs what may be seen: one of disclosure or assistance, or one of erasure or legal hold.
enum GoverningEvent: Sendable {
    case disclosure(DisclosureEvent)
    case erasure(ErasureEvent)

    /// Reads what an event says, or nil if it is of another kind.
    ///
    /// - Parameter event: The event, plain.
    /// - Throws: ``ExchangeError`` if its data do not say it.
    init?(_ event: JSONDocument, type: String) throws(ExchangeError) {
        let governs = DisclosureEvent.types.contains(type) || ErasureEvent.Kind(rawValue: type) != nil
        guard governs, let data = event.root["data"] else { return nil }
        if let disclosure = try DisclosureEvent(type: type, data: data) {
            self = .disclosure(disclosure)
        } else if let erasure = try ErasureEvent(type: type, data: data) {
            self = .erasure(erasure)
        } else {
            return nil
        }
    }
}
