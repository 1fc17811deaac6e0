import Clearance
import EventLog
import Exchange
import JSON
import Testing
import Views

/// A port where events are appended by the book, and what it says is looked at.
struct RuleStand {
    let lab: CaseLab
    let book: Rulebook

    init() async throws {
        lab = try await CaseLab()
        book = try lab.book()
    }

    func close() { lab.close() }

    /// Appends an event by the book.
    ///
    /// - Returns: Why it is refused, or nil.
    @discardableResult
    func append(
        _ type: String, by agency: String, id: String? = nil, tags: [String] = [], time: String? = nil, _ data: String
    ) async throws -> String? {
        let id = try id ?? "\(type)-\(lab.ledger.log.head)"
        do throws(ExchangeError) {
            _ = try await book.append(
                [CaseLab.event(type, by: agency, id: id, tags: tags, time: time, "{\(data)}")], as: agency)
            return nil
        } catch {
            guard error.code == .ruleBroken else { throw error }
            return error.reason
        }
    }

    /// The breaches that were recorded: the rule, and against how many events.
    func breaches() throws -> [String] {
        let entries = try lab.ledger.log.read(Query(types: ["sanhu.rule.breached"]), ReadRange())
        return try lab.ledger.opened(entries, upcasting: .standard).map { event in
            let data = try JSONDocument(parsing: event.event).root["data"]
            return "\(data?["rule"]?.string ?? "?") \(data?["against"]?.elements.count ?? 0)"
        }
    }

    static func policy(
        _ kind: String, _ edition: String, _ content: String, from: String = "2026-01-01", to: String? = nil
    ) -> String {
        #""kind":"\#(kind)","edition":"\#(edition)","validity":{"from":"\#(from)"\#(to.map { #","to":"\#($0)""# } ?? "")},\#(content)"#
    }
}
