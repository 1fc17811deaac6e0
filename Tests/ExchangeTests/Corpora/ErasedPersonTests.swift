import EventLog
import JSON
import TestSupport
import Testing

@testable import Exchange

/// Persons in events of the port that are sealed as a whole.
@Suite("A person that was flagged and erased", .fewAtOnce, .serialized)
struct ErasedPersonTests {
    private static let name = "CANARY-LI-WEI"
    private static let container = "MSKU1234565"

    private static func events(action: String = "search", other: String = "Zhao") -> [PlainEvent] {
        func about(_ rest: String) -> String { #"{"container":"\#(container)","person":"\#(name)",\#(rest)}"# }
        return [
            PlainEvent(
                "risk.flagged", agency: "CUS", id: "f1", subject: "person:\(name)",
                data: about(
                    #""reasonClass":"smuggling","action":"\#(action)","officer":{"id":"CUS-7","name":"\#(other)"}"#)),
            PlainEvent("risk.cleared", agency: "CUS", id: "c1", data: about(#""flag":"f1","outcome":"hit""#)),
            PlainEvent(
                "risk.flagged", agency: "CUS", id: "f2",
                data: #"{"container":"\#(container)","reasonClass":"smuggling","action":"search"}"#),
        ]
    }

    private static let shared = PlainEvent(
        "intelligence.shared", agency: "ASB", id: "i1",
        data: #"{"person":"\#(name)","intelligence":"I-1","kind":"smuggling","grading":"B2","content":"two boxes"}"#)
    private static let sourced = PlainEvent(
        "intelligence.sourced", agency: "ASB", id: "i2",
        data: #"{"intelligence":"I-1","source":"a driver","handler":"\#(name)"}"#)

    /// All that the keys there are open, of all rows of the log.
    private static func opened(_ ledger: ExchangeLedger) throws -> String {
        var text = ""
        var opener = DisclosureOpener()
        for position in 0..<(try ledger.log.head) {
            let view = try EntryView(ledger.log.entry(at: position))
            guard let plan = try ledger.current({ state throws(ExchangeError) in try state.plan(of: view) }) else {
                continue
            }
            for (ordinal, row) in try ledger.log.disclosures(at: position).enumerated() {
                let content = try opener.open(
                    row, ordinal: ordinal, of: plan, at: EventPlace(of: view), keys: ledger.keys)
                if case .value(let json, _) = content { text += String(decoding: json, as: UTF8.self) + "\n" }
            }
        }
        return text
    }

    private static func seen(_ position: Position, by reader: Reader, _ lab: PortLab) async throws -> SeenEntry.Event {
        let seen = try await lab.ledger.read(.all, ReadRange(from: position, to: position + 1), for: reader)
        return try #require(seen.first?.event, "\(reader)")
    }

    @Test("The name is found nowhere, and the rest is read by those who may")
    func erased() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.ledger.log.head
        try await lab.append(Self.events())
        try await lab.append([Self.shared, Self.sourced])
        let customs = Reader(.authority, agency: "CUS")
        let border = Reader(.authority, agency: "BOR", purpose: "risk-analysis")
        let police = Reader(.authority, agency: "ASB")
        for (position, reader) in [(first, customs), (first, border), (first + 1, border), (first + 3, police)] {
            #expect(try await Self.seen(position, by: reader, lab).text.contains(Self.name), "\(position)")
        }
        #expect(try Self.opened(lab.ledger).contains(Self.name))
        let grounds = ErasureGrounds(basis: "PIPL 47", reason: nil, officer: nil)
        _ = try await lab.ledger.erase(ErasureOrder(subject: Self.name, grounds: grounds), as: "POO")
        #expect(try !Self.opened(lab.ledger).contains(Self.name))
        for (position, reader, rest) in [
            (first, customs, #""reasonClass":"smuggling""#), (first, border, #""action":"search""#),
            (first + 1, border, #""outcome":"hit""#), (first + 3, police, #""content":"two boxes""#),
            (first + 4, police, #""source":"a driver""#),
        ] {
            let seen = try await Self.seen(position, by: reader, lab)
            #expect(!seen.text.contains(Self.name) && seen.text.contains(rest), "\(position): \(seen.text)")
            let pointer = position == first + 4 ? "/handler" : "/person"
            #expect(seen.gone == [SeenEntry.Gone(pointer: pointer, cause: .erased)], "\(position)")
        }
        // One without a person is as it was.
        #expect(try await Self.seen(first + 2, by: border, lab).gone.isEmpty)
        let query = Query(tags: [try EventLog.Tag(kind: "person", value: Self.name)])
        #expect(try await lab.ledger.read(query, for: customs).isEmpty)
    }

    @Test("A retry of the flag is known, unless it says something else")
    func retried() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        let first = try lab.ledger.log.head
        try await lab.append(Self.events())
        let grounds = ErasureGrounds(basis: "PIPL 47", reason: nil, officer: nil)
        _ = try await lab.ledger.erase(ErasureOrder(subject: Self.name, grounds: grounds), as: "POO")
        #expect(try await lab.append(Self.events()) == [.erased(first), .erased(first + 1), .duplicate(first + 2)])
        // Within the whole event, in clear or sealed for another, all that is left is compared.
        for other in [Self.events(action: "let go"), Self.events(other: "Qian")] {
            let error = try await LedgerLab.fault { try await lab.append([other[0]]) }
            #expect(error?.code == .log && error?.reason.contains("but other content") == true)
        }
    }
}
