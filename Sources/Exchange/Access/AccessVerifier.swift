internal import EventLog
internal import Transparency

/// Verifies the access log of a ledger, and that it holds all that the main log ever anchored.
struct AccessVerifier {
    private let log: Log
    private let accessPath: String
    private var report = AccessVerification()

    /// How many entries are looked at in one go.
    private static let stretch: Position = 4_096
    /// `"agency":"SW"` as it follows the recorded time in an entry.
    private static let ownAgency = Array(#","agency":"\#(LedgerVoice.agency)","#.utf8)
    private static let agencyOffset = 41

    init(log: Log, accessPath: String) {
        self.log = log
        self.accessPath = accessPath
    }

    /// - Complexity: O(*n*) in the bytes of both logs, and some 0.1 ms for each anchor.
    @available(*, noasync)
    consuming func verify() throws(ExchangeError) -> AccessVerification {
        do throws(LogError) {
            let found = try Log.verify(at: accessPath)
            report.records = found.entries
            for problem in found.problems { report.add("The access log: \(problem)") }
        } catch {
            report.add("The access log cannot be read: \(error.reason)")
        }
        let accessLog: Log?
        do throws(LogError) {
            accessLog = try Log.open(readingAt: accessPath)
        } catch {
            report.add("The access log cannot be opened: \(error.reason)")
            accessLog = nil
        }
        let head = try ExchangeError.wrapping { () throws(LogError) in try log.head }
        var position: Position = 0
        while position < head {
            let end = min(head, position + Self.stretch)
            for candidate in try candidates(position, end) { try check(candidate, accessLog) }
            position = end
        }
        accessLog?.close()
        return report
    }

    /// The positions of what the ledger itself appended. The index is not asked: it proves nothing.
    private func candidates(_ from: Position, _ to: Position) throws(ExchangeError) -> [Position] {
        var positions: [Position] = []
        try ExchangeError.wrapping { () throws(LogError) in
            try log.scan(from: from, to: to) { (position, _, entry) throws(LogError) in
                let end = Self.agencyOffset + Self.ownAgency.count
                guard entry.count >= end else { return true }
                var at = Self.agencyOffset
                while at < end, entry[at] == Self.ownAgency[at - Self.agencyOffset] { at += 1 }
                if at == end { positions.append(position) }
                return true
            }
        }
        return positions
    }

    private mutating func check(_ position: Position, _ accessLog: Log?) throws(ExchangeError) {
        let entry = try ExchangeError.wrapping { () throws(LogError) in try log.entry(at: position) }
        let view = try EntryView(entry)
        guard ExchangeLedger.isAnchor(view) else { return }
        report.anchors += 1
        do throws(ExchangeError) {
            guard let anchor = try AccessAnchor(view) else {
                throw ExchangeError(.accessLogAltered, "It is not of the ledger's form.")
            }
            let size = anchor.checkpoint.size
            guard size > report.anchored else {
                throw ExchangeError(
                    .accessLogAltered, "It is over \(size) records, the one before it over \(report.anchored).")
            }
            report.anchored = size
            guard let accessLog else { return }
            try anchor.check(accessLog)
            do throws(NoteError) {
                _ = try Checkpoint(anchor.note, verifiedBy: accessLog.verifier)
            } catch {
                throw ExchangeError(.accessLogAltered, error.reason)
            }
        } catch {
            report.add(error.reason, anchor: position)
        }
    }
}

extension ExchangeLedger {
    /// Verifies the access log of the ledger in a folder: its entries are hashed anew, and held against every anchor in the
    /// main log. That the main log is sound is for ``Log/verify(at:progress:)`` to say.
    ///
    /// - Returns: Nil if the ledger was not founded by a charter, and so has no access log.
    /// - Throws: ``ExchangeError`` with code `.log` if the main log cannot be read.
    /// - Complexity: O(*n*) in the bytes of both logs.
    public static func verifyAccessLog(at path: String) throws(ExchangeError) -> AccessVerification? {
        let log = try ExchangeError.wrapping { () throws(LogError) in try Log.open(readingAt: path) }
        defer { log.close() }
        let first = try ExchangeError.wrapping { () throws(LogError) in
            try log.head == 0 ? nil : try log.entry(at: 0)
        }
        guard let first, try EntryView(first).type == CharterFounding.type else { return nil }
        return try AccessVerifier(log: log, accessPath: path + "/access").verify()
    }
}
