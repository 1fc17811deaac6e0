import EventLog
import ExchangeClient
import ExchangeProtocol
import Foundation
import JSON

/// Appends what lines of input say by a server, and prints what became of each, as the local command does.
struct RemoteAppend {
    let client: ExchangeClient
    let reader: DraftReader
    private(set) var appended = 0
    private(set) var duplicates = 0
    private(set) var refused = 0

    init(client: ExchangeClient, reader: DraftReader) {
        (self.client, self.reader) = (client, reader)
    }

    private struct Item {
        let line: Int
        let draft: EventDraft
    }

    /// What was done, for a person.
    var summary: String { "\(appended) appended, \(duplicates) were there already, \(refused) refused" }

    /// Appends each on its own. What has come is appended before more is waited for.
    mutating func appendEach(_ input: LineReader) async throws {
        var lines = input
        var waiting: [Item] = []
        while true {
            if waiting.count >= 1_000 || lines.wouldWait() { try await flush(&waiting) }
            guard let line = lines.next() else { break }
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let isArray = line.first { $0 > 0x20 } == UInt8(ascii: "[")
            for draft in isArray ? reader.drafts(line) : [reader.draft(line)] {
                switch draft {
                case .success(let draft): waiting.append(Item(line: lines.number, draft: draft))
                case .failure(let error):
                    try await flush(&waiting)
                    refuse(error.code.rawValue, error.reason, nil, lines.number)
                }
            }
        }
        try await flush(&waiting)
        if let fault = lines.fault { throw fault }
    }

    /// Appends all together, or none.
    mutating func appendTogether(_ input: LineReader, _ conditions: [AppendCondition]) async throws {
        var lines = input
        var drafts: [EventDraft] = []
        while let line = lines.next() {
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            for draft in reader.drafts(line) { drafts.append(try draft.get()) }
            guard drafts.count <= LogLimits.eventsPerRequest else {
                throw LogError(
                    .limitExceeded, "What is appended together has at most \(LogLimits.eventsPerRequest) events.")
            }
        }
        if let fault = lines.fault { throw fault }
        for receipt in try await client.append(drafts, conditions: conditions) { report(receipt) }
    }

    private mutating func flush(_ waiting: inout [Item]) async throws {
        guard !waiting.isEmpty else { return }
        let items = waiting
        waiting.removeAll()
        var results: [Result<ServedReceipt, Problem>] = []
        var failure: (any Error)?
        do {
            try await client.append(each: items.map(\.draft)) { _, result in results.append(result) }
        } catch {
            failure = error
        }
        for (item, result) in zip(items, results) {
            switch result {
            case .success(let receipt): report(receipt)
            case .failure(let problem): refuse(problem.code, problem.detail, problem.pointer, item.line)
            }
        }
        Output.standard.flush()
        if let failure { throw failure }
    }

    private mutating func report(_ receipt: ServedReceipt) {
        if case .appended = receipt.receipt { appended += 1 } else { duplicates += 1 }
        Output.standard.writeObject { writer in
            ReceiptText.write(receipt.receipt, to: &writer)
            guard !receipt.warnings.isEmpty else { return }
            writer.key("warnings")
            writer.array { writer in for warning in receipt.warnings { writer.string(warning) } }
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
