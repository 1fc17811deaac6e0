import EventLog
import Exchange
import JSON
import TestSupport
import Testing

/// What was said, as one list: the last word with an effective time up to the one asked about counts.
private struct NaiveCharter {
    struct Word {
        let name: String
        let effective: Timestamp
        /// Nil if it ended.
        let title: String?
    }

    var words: [Word] = []

    func title(_ name: String, at time: Timestamp) -> String? {
        words.last { $0.name == name && $0.effective <= time }?.title
    }

    /// Whether something can end at a time: it is known, and the last word is not that it ended before.
    func canEnd(_ name: String, at time: Timestamp) -> Bool {
        guard let last = words.last(where: { $0.name == name }) else { return false }
        return last.title != nil || last.effective > time
    }
}

@Suite("Charters by chance")
struct CharterPropertyTests {
    private static let minute: Int64 = 60_000_000

    @Test(
        "A charter answers as a list of all that was said, and as of every position as folding so far",
        arguments: 1...12)
    func model(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var naive = NaiveCharter()
        var history = CharterHistory(origin: CharterLab.origin)
        try history.append(CharterHistoryTests.founding())
        naive.words = [.init(name: "CIQ", effective: Timestamp(microseconds: .min), title: "检验检疫")]
        let names = ["CIQ", "A", "B", "C", "D"]
        var clock = try CharterLab.time(CharterLab.founded).microseconds
        var snapshots: [(position: Position, recorded: Timestamp, naive: NaiveCharter, shown: [UInt8])] = []
        for step in 1...40 {
            clock += Int64(dice.below(100)) * Self.minute
            let recorded = Timestamp(microseconds: clock)
            let delay = dice.oneIn(2) ? 0 : Int64(dice.below(2_000)) * Self.minute
            let effective = Timestamp(microseconds: clock + delay)
            let basis = try #require(history.current).position
            var next = naive
            var changes: [String] = []
            for name in names.shuffled(using: &dice).prefix(dice.within(1..<4)) {
                if naive.canEnd(name, at: effective), dice.oneIn(3) {
                    changes.append(CharterLab.end("agency", #"{"code":"\#(name)"}"#))
                    next.words.append(.init(name: name, effective: effective, title: nil))
                } else {
                    let title = "t\(step)"
                    changes.append(
                        CharterLab.put("agency", #"{"code":"\#(name)","title":"\#(title)","kind":"authority"}"#))
                    next.words.append(.init(name: name, effective: effective, title: title))
                }
            }
            let keys = dice.oneIn(5) ? ["TAX-1"] : ["TAX-1", dice.pick(["BOR-1", "CUS-2"])]
            let data = try CharterLab.amendment(
                changes.joined(separator: ","), basis: dice.oneIn(6) ? basis + 1 : basis,
                effective: delay == 0 && dice.oneIn(2) ? nil : effective.description, by: keys)
            let position = Position(step) * 3
            try history.append(
                CharterHistoryTests.entry(position, recorded.description, CharterAmendment.type, data))
            if history.current?.position == position { naive = next }
            let current = try #require(history.current)
            for _ in 0..<20 {
                let time = Timestamp(microseconds: clock + Int64(dice.below(4_000) - 2_000) * Self.minute)
                for name in names {
                    #expect(
                        current.agency(name, at: time)?.title == naive.title(name, at: time),
                        "seed \(seed), step \(step), \(name) at \(time)")
                }
            }
            snapshots.append((position, recorded, naive, current.json()))
        }
        #expect(history.refused.count < 25 && !history.charters.isEmpty)
        for (index, snapshot) in snapshots.enumerated() {
            #expect(history.charter(asOf: snapshot.position)?.json() == snapshot.shown, "seed \(seed)")
            if index + 1 == snapshots.count || snapshots[index + 1].recorded > snapshot.recorded {
                #expect(history.charter(asOf: snapshot.recorded)?.json() == snapshot.shown, "seed \(seed)")
            }
        }
    }

    @Test("Between two turning points nothing changes, and at each of them something does")
    func turningPoints() throws {
        let start = try CharterLab.time("2016-06-01")
        let charter = try CharterLab.charter().amended(
            CharterLab.put(
                "key",
                #"""
                {"id":"BOR-9","agency":"BOR","public":"\#(try CharterLab.publicKey("BOR-9"))",
                "validity":{"to":"2019-01-01T00:00:00Z"},"revoked":"2018-06-01T00:00:00Z"}
                """#) + ","
                + CharterLab.put(
                    "power",
                    #"""
                    {"id":"tax","agency":"TAX","types":["a"],
                    "validity":{"from":"2018-01-01T00:00:00Z","to":"2019-06-01T00:00:00Z"}}
                    """#)
        ).amended(
            CharterLab.end("agency", #"{"code":"CIQ","into":"CUS"}"#), effective: "2018-04-20T00:00:00Z",
            recorded: "2016-07-01T00:00:00Z")
        var points: [String] = []
        var time = start
        while let next = charter.turningPoint(after: time) {
            let before = Timestamp(microseconds: next.microseconds - 1)
            #expect(
                charter.values(at: before).filter(isInForce(before)) == charter.values(at: time).filter(isInForce(time))
            )
            points.append(String(next.description.prefix(10)))
            time = next
        }
        #expect(
            points == ["2017-01-01", "2018-01-01", "2018-04-20", "2018-06-01", "2019-01-01", "2019-06-01"])
    }

    /// Whether a value, in force as its charter says, is so by what it says itself of roles and revocation.
    private func isInForce(_ time: Timestamp) -> (CharterValue) -> Bool {
        { value in
            switch value {
            case .key(let key): key.maySign(at: time)
            case .officer(let officer): officer.has("assessor", at: time)
            default: true
            }
        }
    }

    @Test("The order of an amendment's changes does not matter", arguments: 1...10)
    func order(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let changes = [
            CharterLab.put("agency", #"{"code":"FX","title":"外汇","kind":"authority"}"#),
            CharterLab.put("power", #"{"id":"fx","agency":"FX","types":["sanhu.exchange.*"]}"#),
            CharterLab.put("source", #"{"prefix":"/FX","agency":"FX"}"#),
            CharterLab.put("purpose", #"{"code":"audit","version":1,"title":"审计"}"#),
            CharterLab.put(
                "rule", #"{"id":"r","effect":"permit","readers":{"agencies":["FX"]},"fields":{},"purposes":["audit"]}"#),
            CharterLab.end("agency", #"{"code":"CIQ","into":"FX"}"#),
        ]
        let expected = try CharterLab.charter().amended(changes.joined(separator: ","))
        let turned = try CharterLab.charter().amended(changes.shuffled(using: &dice).joined(separator: ","))
        #expect(turned.json() == expected.json(), "seed \(seed)")
    }

    @Test("No damage to a charter's text ends the process, and what is refused says where", arguments: 1...5)
    func damage(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let text = Array(try CharterLab.data().utf8)
        for _ in 0..<300 {
            var damaged = text
            for _ in 0..<dice.within(1..<4) {
                damaged[dice.below(damaged.count)] = dice.pick(Array(#"{}[]",:a0-Z/."#.utf8))
            }
            guard let document = try? JSONDocument(parsing: damaged) else { continue }
            let error = try CharterLab.fault {
                _ = try Charter(
                    founding: CharterFounding(document.root), origin: CharterLab.origin,
                    recorded: CharterLab.time(CharterLab.founded))
            }
            #expect(error?.pointer != nil, "seed \(seed)")
        }
    }
}
