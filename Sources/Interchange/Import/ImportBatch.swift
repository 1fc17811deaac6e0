public import EventLog

/// What belongs together: append its drafts in one go, so that their order holds and all of them are there or none.
///
/// A batch of WCO messages is one scenario, a batch of rows is at most ``CSVLimits/rowsPerBatch`` rows. A batch may
/// hold no draft at all, only faults and outcomes.
public struct ImportBatch: Hashable, Sendable {
    /// What to call the batch in front of a person: the scenario, or the file.
    public let name: String

    /// Drafts, refusals and warnings, the drafts in the order of what happened.
    public let items: [ImportItem]

    /// The files this batch has finished.
    public let outcomes: [FileOutcome]

    /// How many records (rows, messages) were read for this batch, mapped or not.
    public let recordsRead: Int

    /// How far the import is after this batch.
    public let progress: ImportProgress

    public init(
        name: String,
        items: [ImportItem],
        outcomes: [FileOutcome] = [],
        recordsRead: Int,
        progress: ImportProgress
    ) {
        self.name = name
        self.items = items
        self.outcomes = outcomes
        self.recordsRead = recordsRead
        self.progress = progress
    }

    /// The events to append, in order.
    ///
    /// - Complexity: O(*n*) in the number of items.
    public var drafts: [EventDraft] {
        items.compactMap { item in
            if case .draft(let draft, _) = item { draft } else { nil }
        }
    }

    /// Where each of ``drafts`` came from, in the same order.
    ///
    /// - Complexity: O(*n*) in the number of items.
    public var origins: [ImportOrigin] {
        items.compactMap { item in
            if case .draft(_, let origin) = item { origin } else { nil }
        }
    }

    /// What was refused in this batch.
    public var refusals: [ImportFault] {
        items.compactMap { item in
            if case .refused(let fault) = item { fault } else { nil }
        }
    }

    /// What was remarked on in this batch.
    public var warnings: [ImportFault] {
        items.compactMap { item in
            if case .warning(let fault) = item { fault } else { nil }
        }
    }
}
