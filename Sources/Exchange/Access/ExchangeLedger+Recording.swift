internal import EventLog

extension ExchangeLedger {
    /// Writes access records, durable on return: only then may what they tell of be given out.
    ///
    /// Those of a purpose that is secret are marked so.
    ///
    /// - Parameter urgency: `.live` for a delivery that goes on: its records are put together with others of up to 50 ms.
    func record(
        _ records: [AccessRecord], _ urgency: AccessBatching.Urgency = .now
    ) async throws(ExchangeError) {
        guard let purpose = records.first(where: { $0.purpose != nil })?.purpose else {
            try await recorder.record(records, urgency)
            return
        }
        let isSecret = try current { state throws(ExchangeError) in
            try state.charter().purpose(purpose, at: state.now)?.isSecret ?? true
        }
        // One reading has one purpose.
        try await recorder.record(isSecret ? records.map { $0.with(isSecret: true) } : records, urgency)
    }
}
