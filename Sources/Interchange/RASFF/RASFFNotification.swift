/// A row of the notifications file, checked: what an authority tells the others of food or feed that may do harm.
///
/// White space around texts and in front of list separators, and the digits of a fraction of a second that are zero, say
/// nothing and are dropped: two rows that differ in these alone say the same.
struct RASFFNotification {
    let line: Int

    /// `2024.9650`: text. A number would lose its last zero and become another notification.
    let reference: String

    /// When it was notified, RFC 3339. The file gives no offset; UTC is assumed.
    let time: String
    let notifier: RASFFAuthority
    let forFollowUp: [RASFFAuthority]

    /// All it is addressed to: the union of `distribution`, `forAttention` and `forFollowUp`, each once.
    let addressees: [RASFFAuthority]

    /// What is told, column by column, as it stands in the event.
    let content: [(key: String, value: DataValue?)]

    /// Checks a record.
    ///
    /// - Throws: ``Refusal`` with the first thing that is wrong.
    init(_ record: CSVRecord) throws(Refusal) {
        let line = record.line
        let columns = RASFFColumn.allCases
        guard record.fields.count == columns.count else {
            throw Refusal("has \(record.fields.count) columns, not \(columns.count)", line: line)
        }
        let cells = Dictionary(uniqueKeysWithValues: zip(columns, record.fields.map(RASFFList.trimmed)))
        func cell(_ column: RASFFColumn) throws(Refusal) -> String {
            guard let text = cells[column], !text.isEmpty else {
                throw Refusal("has no \(column.rawValue)", line: line)
            }
            return text
        }
        func list(_ column: RASFFColumn) throws(Refusal) -> [RASFFAuthority] {
            try Self.authorities(cells[column] ?? "", in: column, line: line)
        }
        self.line = line
        reference = try Self.reference(cell(.reference), line: line)
        time = try Self.time(cell(.date), line: line)
        notifier = try Self.authority(cell(.notifier), in: .notifier, line: line)
        let (distribution, forAttention) = (try list(.distribution), try list(.forAttention))
        forFollowUp = try list(.forFollowUp)
        addressees = Self.unique(distribution + forAttention + forFollowUp)
        content = [
            ("notification", .text(reference)),
            ("classification", .text(try cell(.classification))),
            ("riskDecision", .text(try cell(.riskDecision))),
            ("productType", .text(try cell(.type))),
            ("category", .text(try cell(.category))),
            ("subject", .text(try cell(.subject))),
            ("notifiedAt", .text(time)),
            ("timeBasis", .text("offset-unstated")),
            ("notifier", .text(notifier.code)),
            ("distribution", Self.codes(distribution)),
            ("forAttention", Self.codes(forAttention)),
            ("forFollowUp", Self.codes(forFollowUp)),
            ("operators", Self.texts(RASFFList.names(cells[.operators] ?? ""))),
            ("origins", Self.texts(RASFFList.names(cells[.origins] ?? ""))),
            ("hazards", Self.texts(RASFFList.hazards(cells[.hazards] ?? ""))),
            ("year", .number(try Self.integer(cell(.year), in: 1900...9999, .year, line: line))),
            ("week", .number(try Self.integer(cell(.week), in: 1...53, .week, line: line))),
        ]
    }

    /// A hash of each column's value, to tell what another row of the same reference says otherwise.
    var fingerprint: [UInt64] {
        content.map { _, value in
            var hash = StableHash()
            value?.combine(into: &hash)
            return hash.value
        }
    }

    private static func reference(_ text: String, line: Int) throws(Refusal) -> String {
        var scanner = DigitScanner(text.utf8)
        guard scanner.digits(4) != nil, scanner.skip("."), case let number = scanner.run(atMost: 7), scanner.isAtEnd,
            (4...6).contains(number.utf8.count)
        else {
            throw Refusal(
                "has a reference that is not a year, a point and four to six digits, zeros at the end included",
                line: line)
        }
        return text
    }

    /// Reads `2024-12-31 16:50:10`, with or without a fraction.
    private static func time(_ text: String, line: Int) throws(Refusal) -> String {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0].utf8.count == 10, parts[1].utf8.count >= 8 {
            var clock = parts[1]
            if clock.contains(".") {
                while clock.hasSuffix("0") { clock.removeLast() }
                if clock.hasSuffix(".") { clock.removeLast() }
            }
            if let time = MessageTime("\(parts[0])T\(clock)"), time.assumesZone { return time.text }
        }
        throw Refusal("has a date that is no moment written YYYY-MM-DD hh:mm:ss, without an offset", line: line)
    }

    private static func integer(
        _ text: String, in range: ClosedRange<Int>, _ column: RASFFColumn, line: Int
    ) throws(Refusal) -> String {
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(
                "has a \(column.rawValue) that is no number from \(range.lowerBound) to \(range.upperBound)", line: line
            )
        }
        return String(number)
    }

    private static func authorities(
        _ text: String, in column: RASFFColumn, line: Int
    ) throws(Refusal) -> [RASFFAuthority] {
        var found: [RASFFAuthority] = []
        for name in RASFFList.names(text) { found.append(try authority(name, in: column, line: line)) }
        return unique(found)
    }

    private static func authority(
        _ name: String, in column: RASFFColumn, line: Int
    ) throws(Refusal) -> RASFFAuthority {
        guard let authority = RASFFAuthority.named(name) else {
            throw Refusal(
                "names “\(name.prefix(80))” in \(column.rawValue), who is no authority that is known: correct the name, "
                    + "or add it to the table; without it the alert would miss an addressee", line: line)
        }
        return authority
    }

    private static func unique(_ authorities: [RASFFAuthority]) -> [RASFFAuthority] {
        var seen: Set<RASFFAuthority> = []
        return authorities.filter { seen.insert($0).inserted }
    }

    private static func codes(_ authorities: [RASFFAuthority]) -> DataValue? { texts(authorities.map(\.code)) }

    private static func texts(_ texts: [String]) -> DataValue? {
        let filled = texts.filter { !$0.isEmpty }
        return filled.isEmpty ? nil : .list(filled.map(DataValue.text))
    }
}

extension DataValue {
    /// Takes a text, a number or a list of them into a hash.
    fileprivate func combine(into hash: inout StableHash) {
        switch self {
        case .text(let text), .number(let text): hash.combine(text)
        case .list(let values): for value in values { value.combine(into: &hash) }
        case .flag, .record: break
        }
    }
}
