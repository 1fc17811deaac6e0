package import EventLog

extension ExchangeLedger {
    /// Checks that a reader gets no entry of a range as a stub: only then may it be given them as they are stored.
    ///
    /// Members of the kinds authority and auditor are told of every event but those of types that some get as stubs; so
    /// nothing is decided entry by entry where the charter has none such, or the range.
    ///
    /// - Throws: ``ExchangeError`` with code `.accessDenied`.
    /// - Complexity: O(1) between events of the charter, and a look into the index if it has such types.
    package func checkSeesEverything(_ claim: Reader, in range: Range<Position>) throws(ExchangeError) {
        let (kind, hidden) = try current { state throws(ExchangeError) in
            let charter = try state.charter()
            return (charter.confirmed(claim, at: state.now).kind, try state.typesThatMayBeStubs())
        }
        guard kind == .authority || kind == .auditor else { throw Self.notEverything }
        guard !hidden.isEmpty, !range.isEmpty else { return }
        let found = try ExchangeError.wrapping { () throws(LogError) in
            try log.read(
                Query(types: hidden.sorted()), ReadRange(from: range.lowerBound, to: range.upperBound, limit: 1))
        }
        guard found.isEmpty else { throw Self.notEverything }
    }

    private static var notEverything: ExchangeError {
        ExchangeError(
            .accessDenied,
            "Entries as they are stored are for authorities and auditors, and where nothing is sealed as a whole. "
                + "Read them as you may see them, “verifiable” if need be: that proves as much.")
    }
}
