internal import EventLog

extension ExchangeLedger {
    /// Brings what a reader sees up to the latest versions of the schemas, as the charter has them now.
    ///
    /// - Parameter seen: What that reader was given, by a read or a page.
    /// - Throws: ``ExchangeError`` if a schema does not compile any more.
    public func upcast(_ seen: [SeenEntry], by upcasters: Upcasters) throws(ExchangeError) -> [SeenEntry] {
        try current { state throws(ExchangeError) in
            let upcaster = EventUpcaster(upcasters: upcasters, charter: try state.charter(), time: state.now)
            var result: [SeenEntry] = []
            result.reserveCapacity(seen.count)
            for entry in seen {
                guard case .entry(let event) = entry else {
                    result.append(entry)
                    continue
                }
                let upcast = try upcaster.upcast(event) { uri throws(ExchangeError) in try state.schema(uri) }
                result.append(.entry(upcast))
            }
            return result
        }
    }
}
