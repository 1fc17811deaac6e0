import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import Transparency

/// A ledger with a charter for benchmarks: an agency that appends and another that reads, one schema that seals two blocks, and
/// events of it.
struct BenchExchange: Sendable {
    static let agency = "CUS"
    /// One that sees all events, and in them nothing that is sealed.
    static let onlooker = "TAX"
    static let schema = "urn:sanhu:schema:bench.lodged:1"
    private static let origin = "bench.example/exchange"

    let ledger: ExchangeLedger

    /// Founds a ledger in a new folder. Its wrapping key lies beside it.
    static func found(at folder: String) async throws -> BenchExchange {
        BenchExchange(
            ledger: try await ExchangeLedger.found(
                at: folder, charter: charter(),
                signers: ExchangeLedger.Signers(
                    log: NoteSigner.generate(name: origin), access: NoteSigner.generate(name: origin + "/access")),
                wrappingKey: WrappingKeyFile(path: folder + ".wrapping")))
    }

    private static func charter() throws -> [UInt8] {
        let key = Curve25519.Signing.PrivateKey()
        let data = """
            {"amendment":{"threshold":1,"agencies":["\(agency)"]},\
            "agencies":[{"code":"\(agency)","title":"海关","kind":"authority"},\
            {"code":"\(onlooker)","title":"税务","kind":"authority"}],\
            "keys":[{"id":"\(agency)-1","agency":"\(agency)","public":"\(Base64.encode(Array(key.publicKey.rawRepresentation)))"}],\
            "powers":[{"id":"all","agency":"\(agency)","types":["sanhu.declaration.*"]}],\
            "sources":[{"prefix":"/CUS","agency":"\(agency)"}],\
            "schemas":[{"uri":"\(schema)","type":"sanhu.declaration.lodged","document":{"type":"object",\
            "required":["office","items"],"properties":{"office":{"type":"string","pattern":"^[0-9]{4}$"},\
            "items":{"type":"array","items":{"type":"object","required":["item","hs"],"properties":{\
            "item":{"type":"integer"},"hs":{"type":"string","format":"hs-code"},"origin":{"type":"string"},\
            "quantity":{"type":"number","minimum":0}}}},\
            "commercial":{"type":"object","x-sharing":{"class":"conditional","compartment":"trade-secret",\
            "owner":"\(agency)","bytes":160}},\
            "parties":{"type":"object","x-sharing":{"class":"conditional","compartment":"personal",\
            "owner":"\(agency)","bytes":160}}},"additionalProperties":false}}]}
            """
        let document = try JSONDocument(parsing: Array(data.utf8)).root
        let text = try CharterFounding(document).signedText(origin: origin)
        let signature = CharterSignature(key: "\(agency)-1", bytes: Array(try key.signature(for: text)))
        return Array(
            #"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#.utf8)
            + CharterSignature.adding([signature], to: document) + Array("}".utf8)
    }

    /// Events with some consecutive numbers: of about 600 bytes, of which 230 are in two blocks that are sealed, with as many
    /// tags as the drafts of ``BenchEvents`` have. Sealed, their entries have about 700 bytes.
    static func events(_ numbers: Range<Int>, like plain: BenchEvents) -> [AgencyEvent] {
        zip(numbers, plain.tags(numbers)).map { number, tags in
            var event = head
            event.reserveCapacity(head.count + 20 + tail.count)
            event.append(contentsOf: String(number).utf8)
            event.append(contentsOf: tail)
            return AgencyEvent(event, tags: tags)
        }
    }

    private static let head = Array(#"{"specversion":"1.0","id":"b"#.utf8)
    private static let tail = Array(
        """
        ","source":"/CUS/2200/bench","type":"sanhu.declaration.lodged","subject":"declaration:220020260000000000",\
        "time":"2026-03-01T08:15:30+08:00","dataschema":"\(schema)","data":{"office":"2200","items":[\
        {"item":1,"hs":"851000","origin":"US","quantity":100}],\
        "commercial":{"price":"12500.00","currency":"CNY","incoterm":"FOB","seller":"Acme Bicycles GmbH, Hamburg"},\
        "parties":{"buyer":"Hainan Sanhu Trading","phone":"+86 898 0000 0000","address":"1 Port Road, Yangpu, Danzhou"}}}
        """.utf8)
}
