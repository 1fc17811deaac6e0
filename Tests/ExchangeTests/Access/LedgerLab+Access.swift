import EventLog
import Exchange
import JSON
import Testing

extension LedgerLab {
    static let enterprise = "enterprise:91310000MA1FL0AB1X"

    /// A ledger in which BOR reads prices for the secret purpose `probe` and may release that it did. The charter's
    /// amendment stands at position 1.
    static func withProbe(
        _ options: ExchangeOptions = ExchangeOptions(anchorInterval: nil)
    ) async throws -> LedgerLab {
        let lab = try await LedgerLab(options: options)
        let released = String(decoding: try CharterLab.file("access.released.schema.json"), as: UTF8.self)
        let changes = [
            CharterLab.put("purpose", #"{"code":"probe","version":1,"title":"侦查","secret":true}"#),
            CharterLab.put(
                "rule",
                #"{"id":"probe","effect":"permit","readers":{"agencies":["BOR"]},"fields":{"compartments":["trade-secret"]},"purposes":["probe"]}"#
            ),
            CharterLab.put(
                "schema",
                #"{"uri":"urn:sanhu:schema:access.released:1","type":"sanhu.access.released","document":\#(released)}"#),
            CharterLab.put("power", #"{"id":"bor","agency":"BOR","types":["sanhu.access.released"]}"#),
            CharterLab.put("source", #"{"prefix":"/BOR","agency":"BOR"}"#),
        ].joined(separator: ",")
        let data = try CharterLab.amendment(changes, by: ["CUS-1", "TAX-1"])
        _ = try await lab.ledger.amend(
            Array(
                #"{"specversion":"1.0","id":"a1","source":"/charter","type":"sanhu.charter.amended","data":"#.utf8)
                + Array(data.text) + Array("}".utf8))
        return lab
    }

    /// Appends a declaration that names an enterprise, and returns its position.
    func declare(_ number: String, of enterprise: String = enterprise, buyer: String = "Li Hua") async throws
        -> Position
    {
        var event = Self.declaration(number, buyer: buyer)
        event.tags = [try Tag(enterprise)]
        return try await ledger.append([event], as: "CUS")[0].position
    }

    /// BOR lets those concerned know of access records.
    func release(_ records: ClosedRange<Position>, id: String, as agency: String = "BOR") async throws {
        let event = Self.event(
            "sanhu.access.released", "urn:sanhu:schema:access.released:1", id: id, source: "/\(agency)/1",
            #"{"records":[[\#(records.lowerBound),\#(records.upperBound)]],"reasons":["case closed"]}"#)
        _ = try await ledger.append([event], as: agency)
    }

    static func party(_ tag: String = enterprise) throws -> Reader {
        Reader(.party, identities: [try Tag(tag)])
    }
}

/// What an error of the exchange is, or nil if there was none.
func exchangeFault(_ body: () async throws -> Void) async throws -> ExchangeError? {
    do {
        try await body()
        return nil
    } catch let error as ExchangeError {
        return error
    }
}
