internal import EventLog
internal import Exchange
public import Views

/// What is listed of a board: one object, or a page of all that are about something.
public struct BoardListing: Sendable, Hashable {
    /// The most rows of a page.
    public static let maximumRows = ViewLimits.objectsPerLookup

    public let kind: BoardKind
    /// If given, only its row.
    public var object: String?
    /// Of this port.
    public var port: String?
    /// Of whom, as docs/boards.md says.
    public var of: String?
    /// The day of inspections, `2026-03-02`; of other boards the day of validity and due dates.
    public var day: String?
    /// Where the page before ended.
    public var after: String?
    public var limit = 100

    public init(_ kind: BoardKind) {
        self.kind = kind
    }

    /// What does not go together, or nil.
    ///
    /// - Parameter name: How an option is called where it was given.
    public func fault(_ name: (_ option: String) -> String) -> String? {
        if !(1...Self.maximumRows).contains(limit) { return "\(name("limit")) is from 1 to \(Self.maximumRows)." }
        if port != nil, ![.inspections, .incidents].contains(kind) {
            return "\(name("port")) goes with inspections and incidents."
        }
        if of != nil, [.inspections, .incidents, .risk].contains(kind) {
            return "\(name("of")) goes with receipts, inbox, guarantees and credit."
        }
        if object != nil, port != nil || of != nil || after != nil {
            return "Give an object, or what to list."
        }
        if let day, Timestamp(day + "T00:00:00Z") == nil || day.utf8.count != 10 {
            return "“\(day)” is no day. Write for example 2026-03-02."
        }
        return nil
    }

    /// Of what a list is for who asks: receipts of its own, an inbox of what it is asked.
    fileprivate func place(_ reader: Reader) -> String {
        if let named = of ?? port { return named }
        let agency = reader.agency ?? ""
        switch kind {
        case .receipts: return agency
        case .inbox: return "in " + agency
        default: return ""
        }
    }
}

/// Rows of a board, in the order of their objects' names.
public struct BoardPage: Sendable {
    public let rows: [any Board]
    /// Where the next page begins; nil if this was the last.
    public let next: String?
}

extension Boards {
    /// A page of a board, or one row of it, as it is asked for by name.
    ///
    /// - Throws: ``ViewError``, as ``row(_:of:_:)`` and ``list(_:of:on:_:after:limit:)``.
    public func page(_ listing: BoardListing, _ question: BoardQuestion) async throws(ViewError) -> BoardPage {
        switch listing.kind {
        case .receipts: try await page(ReceiptBoard.self, listing, question)
        case .inspections: try await page(InspectionBoard.self, listing, question)
        case .inbox: try await page(AssistanceBoard.self, listing, question)
        case .risk: try await page(RiskBoard.self, listing, question)
        case .guarantees: try await page(GuaranteeBoard.self, listing, question)
        case .credit: try await page(CreditBoard.self, listing, question)
        case .incidents: try await page(IncidentBoard.self, listing, question)
        }
    }

    private func page<Row: Board>(
        _ kind: Row.Type, _ listing: BoardListing, _ question: BoardQuestion
    ) async throws(ViewError) -> BoardPage {
        if let object = listing.object {
            return BoardPage(rows: [try await row(kind, of: object, question)], next: nil)
        }
        let (rows, next) = try await list(
            kind, of: listing.place(question.reader), on: Row.kind == .inspections ? listing.day : nil, question,
            after: listing.after, limit: listing.limit)
        return BoardPage(rows: rows, next: next)
    }
}
