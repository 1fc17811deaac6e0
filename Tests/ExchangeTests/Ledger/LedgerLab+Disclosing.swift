import EventLog
import Exchange
import Foundation
import Testing

/// What Tax asks Customs for in the case T-7: the buyers of declarations.
extension LedgerLab {
    /// Tax as it reads for its case.
    static let investigator = Reader(.authority, agency: "TAX", purpose: "case", caseName: "T-7")

    static func soon(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: Timestamp.now().microseconds + Int64(seconds * 1_000_000))
    }

    static func wait(until time: Timestamp) async throws {
        while Timestamp.now() < time { try await Task.sleep(for: .milliseconds(10)) }
    }

    static func scope(
        _ objects: [String] = ["declaration:1"], owner: String = "CUS", pointer: String = "/buyer",
        purpose: String = "case", caseName: String = "T-7", to: Timestamp = soon(86_400)
    ) -> DisclosureScope {
        DisclosureScope(
            owner: owner, fields: FieldSelector(owners: [owner], pointers: [pointer]), objects: objects.map(tag),
            purpose: purpose, caseName: caseName, to: to)
    }

    /// Appends declarations 1 to n, each with a buyer, at positions 1 to n.
    func declare(_ count: Int) async throws {
        _ = try await ledger.append(
            (1...count).map { Self.declaration("\($0)", buyer: "Buyer \($0)") }, as: "CUS")
    }

    func ask(_ scope: DisclosureScope = scope(), under: Position? = nil, id: String? = nil) async throws -> Position {
        try await ledger.append(.requested(DisclosureRequest(scope, under: under)), as: "TAX", id: id).position
    }

    func decide(
        _ request: Position, _ outcome: DisclosureRuling.Outcome = .granted, part: DisclosureRuling.Part = .init(),
        as agency: String = "CUS"
    ) async throws -> Position {
        let ruling = DisclosureRuling(on: request, outcome, reasons: ["tax case"], part: part)
        return try await ledger.append(.decided(ruling), as: agency).position
    }

    /// Asks and is granted; the position of the grant.
    func grant(_ scope: DisclosureScope = scope(), id: String? = nil) async throws -> Position {
        try await decide(ask(scope, id: id))
    }

    func revoke(_ grant: Position) async throws -> Position {
        try await ledger.append(.revoked(grant: grant, reasons: ["case closed"]), as: "CUS").position
    }

    /// The buyers that a reader sees.
    func buyers(_ reader: Reader = investigator, asOf: Timestamp? = nil) async throws -> [String] {
        Self.buyers(try await ledger.read(.all, for: reader, asOf: asOf))
    }

    static func buyers(_ entries: [SeenEntry]) -> [String] {
        entries.compactMap { entry in
            guard case .entry(let event) = entry else { return nil }
            let text = String(decoding: event.event, as: UTF8.self)
            guard let start = text.range(of: #""buyer":""#)?.upperBound else { return nil }
            return String(text[start...].prefix { $0 != "\"" })
        }
    }

    /// The error that something makes, or nil.
    static func fault(_ body: () async throws -> Void) async throws -> ExchangeError? {
        do {
            try await body()
            return nil
        } catch let error as ExchangeError {
            return error
        }
    }
}
