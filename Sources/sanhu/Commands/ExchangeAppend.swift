import Clearance
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import Views

/// Appends what lines of input say as an agency, by the rules of the port, each event on its own, and prints what became of it.
struct ExchangeAppend {
    let book: Rulebook
    let agency: String
    let tags: [Tag]
    private(set) var appended = 0
    private(set) var duplicates = 0
    private(set) var refused = 0

    init(ledger: ExchangeLedger, agency: String, tags: [Tag]) throws {
        book = try Rulebook(of: ledger, rules: PortRules.all)
        self.agency = agency
        self.tags = tags
    }

    /// What was done, for a person.
    var summary: String {
        "\(appended) appended, \(duplicates) were there already, \(refused) refused"
    }

    mutating func run(_ input: LineReader) async throws {
        var lines = input
        let reader = DraftReader(.init(agency: agency, tags: tags, takesSealed: true))
        while let line = lines.next() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let isArray = line.first { $0 > 0x20 } == UInt8(ascii: "[")
            for draft in isArray ? reader.drafts(line) : [reader.draft(line)] {
                try await append(draft, lines.number)
            }
            if lines.wouldWait() { Output.standard.flush() }
        }
        if let fault = lines.fault { throw fault }
    }

    private mutating func append(_ draft: Result<EventDraft, LogError>, _ line: Int) async throws {
        switch draft {
        case .failure(let error):
            refuse(error.code.rawValue, error.reason, nil, line)
        case .success(let draft) where draft.agency != agency:
            refuse(
                LogError.Code.invalidAgency.rawValue,
                "The line says that it is of \(draft.agency.prefix(64)), but \(agency) appends it.", nil, line)
        case .success(let draft):
            do throws(ExchangeError) {
                let (receipts, warnings) = try await book.appendTelling([AgencyEvent(draft)], as: agency)
                receipts.forEach { report($0, warnings) }
            } catch {
                refuse(error.code.rawValue, error.reason, error.pointer, line)
            }
        }
    }

    private mutating func report(_ receipt: Receipt, _ warnings: [RuleWarning]) {
        let name: String
        switch receipt {
        case .appended: name = "appended"
        case .duplicate: name = "duplicate"
        case .erased: name = "erased"
        }
        if name == "appended" { appended += 1 } else { duplicates += 1 }
        Output.standard.writeObject { writer in
            writer.member(name, Int64(receipt.position))
            guard !warnings.isEmpty else { return }
            writer.key("warnings")
            writer.array { writer in for warning in warnings { writer.string(warning.reason) } }
        }
    }

    private mutating func refuse(_ code: String, _ reason: String, _ pointer: String?, _ line: Int) {
        refused += 1
        Output.standard.writeObject { writer in
            writer.member("refused", code)
            writer.member("line", Int64(line))
            if let pointer { writer.member("path", pointer) }
            writer.member("reason", reason)
        }
    }
}
