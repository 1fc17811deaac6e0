internal import EventLog

/// As what someone may read access records.
enum AccessEntitlement: Equatable {
    /// An auditor: all of them.
    case auditor
    /// The agency that owns the fields: who looked at these, or was denied them.
    case owner(String)
    /// The agency that looked: its own readings, and not what it was denied, for that could tell it what is there.
    case reader(String)
    /// Whom entries that it sees name: who looked at these, where that is no secret.
    case named

    /// As what a reader asks, or nil if it may not ask that. Nothing of what was recorded is asked, so that being denied
    /// tells nothing.
    ///
    /// - Parameter owns: Whether its agency owns a field that is asked for, by some schema there ever was.
    init?(_ reader: Reader, _ query: AccessQuery, owns: (_ agency: String) throws(ExchangeError) -> Bool)
        throws(ExchangeError)
    {
        switch reader.kind {
        case .auditor:
            self = .auditor
        case .authority, .participant:
            guard let agency = reader.agency else { return nil }
            if query.readers == [agency] {
                self = .reader(agency)
            } else if try owns(agency) {
                self = .owner(agency)
            } else if reader.kind == .participant, !reader.identities.isEmpty {
                self = .named
            } else {
                return nil
            }
        case .party:
            guard !reader.identities.isEmpty else { return nil }
            self = .named
        case .public:
            return nil
        }
    }

    /// Why the records are given out, as the record of their reading says it.
    var basis: DisclosureBasis {
        switch self {
        case .owner: .owner
        case .reader: .sender
        case .auditor, .named: .sharingClass
        }
    }

    /// The tag that all records carry that it may read; nil if there is none.
    var tag: Tag? {
        switch self {
        case .owner(let agency): AccessTagger.owner(agency)
        case .reader(let agency): AccessTagger.reader(agency)
        case .auditor, .named: nil
        }
    }

    /// Whether it may read a record.
    func covers(_ record: AccessRecord, isReleased: Bool) -> Bool {
        switch self {
        case .auditor: return true
        case .owner(let agency): return record.owner == agency
        case .reader(let agency): return record.reader.agency == agency && record.basis != .denied
        case .named:
            guard case .fields = record.extent else { return false }
            return !record.isSecret || isReleased
        }
    }
}
