public import EventLog

/// One thing an import gives: an event to append, or a word about what could not be imported or looked odd.
public enum ImportItem: Hashable, Sendable {
    /// An event, ready to be appended.
    case draft(EventDraft, origin: ImportOrigin)

    /// A file or a row that gave no event.
    case refused(ImportFault)

    /// A remark on something that was imported all the same.
    case warning(ImportFault)
}
