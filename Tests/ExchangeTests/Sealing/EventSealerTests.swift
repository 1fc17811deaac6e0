import Crypto
import EventLog
import JSON
import SelectiveDisclosure
import Testing
import Transparency

@testable import Exchange

@Suite("Sealing events")
struct EventSealerTests {
    @Test("Everything opened gives the original data; nothing opened gives none of it")
    func roundTrip() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let event = try SealingFixture.event(SealingFixture.data)
        let sealed = try SealingFixture.seal(event, plan)
        let opened = try sealed.merged()
        #expect(try SealingFixture.canonical(opened.event) == SealingFixture.canonical(event.bytes))
        let text = String(decoding: sealed.event.event, as: UTF8.self)
        for canary in ["12.50", "Acme", "Wang", "p1"] { #expect(!text.contains(canary)) }
        #expect(opened.fields[5] == .decoy)
    }

    @Test("A person is shown only with the array, and the array may be shown without persons")
    func persons() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let sealed = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        let withoutPersons = String(decoding: try sealed.merged { $0 == 2 }.event, as: UTF8.self)
        #expect(withoutPersons.contains("\"crew\":[]"))
        let one = String(decoding: try sealed.merged { $0 == 2 || $0 == 4 }.event, as: UTF8.self)
        #expect(one.contains(#""crew":[{"id":"p2","name":"Wang"}]"#))
        let alone = try sealed.merged { $0 == 4 }
        #expect(!String(decoding: alone.event, as: UTF8.self).contains("Wang"))
        #expect(alone.fields[4] == sealed.open(4))
    }

    @Test("Salt, digest and row are as the design says, computed here by other means")
    func design() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let sealed = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        let reference = KeyReference(.named("9131"), compartment: "trade-secret")
        let secret = Array(SHA256.hash(data: Array("named|9131|trade-secret".utf8)))
        #expect(SealingFixture.key(reference).number == sealed.keys[1].number)
        func field(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count)] + text.utf8 }
        func derived(_ label: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret), salt: [UInt8](), info: Array(label.utf8),
                outputByteCount: 32)
        }
        let context = field("CUS") + field("/cus/a") + field("1") + field("/commercial/seller")
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("sanhu/v1/field".utf8) + context, using: derived("sanhu/v1/derive"))
        let salt = Base64.encode(Array(code.prefix(16)), .url)
        let json = Array("[\"\(salt)\",\"seller\",\"Acme\"]".utf8)
        let digest = Base64.encode(Array(SHA256.hash(data: Array(Base64.encode(json, .url).utf8))), .url)
        #expect(String(decoding: sealed.event.event, as: UTF8.self).contains(#""_sd":["\#(digest)"]"#))
        let row = sealed.event.rows[1]
        let box = try AES.GCM.SealedBox(combined: row[9...])
        let plaintext = try AES.GCM.open(
            box, using: derived("sanhu/v1/encrypt"), authenticating: context + field(SealingFixture.uri))
        let length = 28 + "\"seller\"".utf8.count + 32 + 40
        let expected = [1, 0, 0, 0, UInt8(json.count)] + json + Array(repeating: 0, count: length - json.count)
        #expect(Array(plaintext) == expected)
        #expect(sealed.open(1) == .value(json: json, digest: try Disclosure(json: json).digest))
    }

    @Test("A retry gives the same bytes, however white space stands; another id gives none of the same")
    func retry() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let first = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        let again = try SealingFixture.seal(
            try SealingFixture.event(SealingFixture.data.replacing(",", with: " ,\n ")), plan)
        #expect(first.event == again.event)
        let other = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data, id: "2"), plan)
        for ordinal in plan.fields.indices {
            #expect(first.event.rows[ordinal] != other.event.rows[ordinal])
            #expect(first.event.rows[ordinal][1..<21] != other.event.rows[ordinal][1..<21])
        }
    }

    @Test("A row opens with its own key, in its own event and place only")
    func binding() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let sealed = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        var opener = DisclosureOpener()
        for ordinal in plan.fields.indices {
            let row = sealed.event.rows[ordinal]
            #expect(sealed.open(ordinal) != .lost)
            for other in plan.fields.indices where other != ordinal {
                let key = sealed.keys[ordinal]
                #expect(
                    opener.open(row, ordinal: other, of: plan, at: SealingFixture.place, key: key) == .lost)
            }
            for place in [
                EventPlace(agency: "TAX", source: "/cus/a", id: "1"),
                EventPlace(agency: "CUS", source: "/cus/b", id: "1"),
                EventPlace(agency: "CUS", source: "/cus/a", id: "2"),
                EventPlace(agency: "CUS", source: "/cus/a1", id: ""),
            ] { #expect(sealed.open(ordinal, place: place) == .lost) }
            let stranger = SealingFixture.key(KeyReference(.named("x"), compartment: "y"))
            #expect(
                opener.open(row, ordinal: ordinal, of: plan, at: SealingFixture.place, key: stranger) == .lost)
        }
    }

    @Test("A changed byte, a cut or a lengthened row is lost")
    func damage() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let sealed = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        let row = sealed.event.rows[0]
        for at in row.indices where !(1..<9).contains(at) {
            var changed = row
            changed[at] ^= 1
            #expect(sealed.open(0, row: changed) == .lost, "byte \(at)")
        }
        for count in [0, 1, 20, 41, row.count - 1] { #expect(sealed.open(0, row: Array(row.prefix(count))) == .lost) }
        #expect(sealed.open(0, row: row + [0]) == .lost)
    }

    @Test("A value of another event is not put in and counts as lost")
    func foreignValue() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let sealed = try SealingFixture.seal(try SealingFixture.event(SealingFixture.data), plan)
        let other = try SealingFixture.seal(
            try SealingFixture.event(SealingFixture.data.replacing("12.50", with: "99.50")), plan)
        var opener = DisclosureOpener()
        var fields: [FieldContent?] = plan.fields.indices.map { sealed.open($0) }
        fields[0] = other.open(0)
        let event = sealed.event.event
        let opened = try opener.merge(event, 0..<event.count, with: fields, of: plan)
        #expect(opened.fields[0] == .lost)
        #expect(opened.fields[1] == sealed.open(1))
        let text = String(decoding: opened.event, as: UTF8.self)
        #expect(!text.contains("99.50") && text.contains("Acme"))
    }

    @Test("A value that fits its mark exactly is taken, one byte more is refused with its path")
    func size() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        func data(_ count: Int) -> String {
            SealingFixture.data.replacing("Acme", with: String(repeating: "x", count: count))
        }
        _ = try SealingFixture.seal(try SealingFixture.event(data(38)), plan)
        let error = #expect(throws: ExchangeError.self) {
            try SealingFixture.seal(try SealingFixture.event(data(39)), plan)
        }
        #expect(error?.code == .valueTooLarge)
        #expect(error?.pointer == "/data/commercial/seller")
        #expect(error?.reason.contains("xxx") == false)
    }

    @Test(
        "What an event lacks for sealing is named",
        arguments: [
            (#"{"goods":"1","commercial":3}"#, ExchangeError.Code.eventInvalid, "/data/commercial"),
            (#"{"goods":"1"}"#, .eventInvalid, "/data/commercial"),
            (#"{"commercial":{"seller":"A"}}"#, .eventInvalid, "/data/importer"),
            (#"{"importer":"","commercial":{"seller":"A"}}"#, .eventInvalid, "/data/importer"),
            (#"{"commercial":{},"crew":[1,2,3,4]}"#, .eventInvalid, "/data/crew"),
            (#"{"commercial":{},"goods":[]}"#, .eventInvalid, "/data/goods"),
            (#"{"commercial":{},"_sd":[]}"#, .reservedName, "/data/_sd"),
            (#"{"commercial":{"x":{"...":1}}}"#, .reservedName, "/data/commercial/x/..."),
        ])
    func invalid(_ data: String, _ code: ExchangeError.Code, _ pointer: String) throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let error = #expect(throws: ExchangeError.self) {
            try SealingFixture.seal(try SealingFixture.event(data), plan)
        }
        #expect(error?.code == code)
        #expect(error?.pointer == pointer)
    }

    @Test("Too few keys are refused")
    func missingKeys() throws {
        let plan = try SealingFixture.plan(SealingFixture.declaration)
        let event = try SealableEvent(try SealingFixture.event(SealingFixture.data), agency: "CUS", plan: plan)
        var sealer = EventSealer()
        let error = #expect(throws: ExchangeError.self) { try sealer.seal(event, keys: []) }
        #expect(error?.code == .keyMissing)
    }
}
