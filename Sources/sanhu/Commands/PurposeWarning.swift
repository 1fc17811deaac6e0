import EventLog
import Exchange

extension ExchangeLedger {
    /// Says so if a reader gives a purpose that the charter does not have: it is none, so nothing is opened for it.
    func warn(ofUnknownPurposeOf reader: Reader) throws {
        guard let purpose = reader.purpose else { return }
        let (charter, now) = (try charter(), Timestamp.now())
        guard charter.purpose(purpose, at: now) == nil else { return }
        let known = charter.purposes(at: now).map(\.code)
        Terminal.say(
            "warning: the charter has no purpose “\(purpose)”, so nothing is opened for it; there are: "
                + (known.isEmpty ? "none" : known.joined(separator: ", ")))
    }
}
