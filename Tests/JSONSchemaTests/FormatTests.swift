import JSONSchema
import TestSupport
import Testing

@Suite("Formats")
struct FormatTests {
    static let good: [(Format, [String])] = [
        (.container, ["CSQU3054383", "BICU1234565", "TOLU4734787", "MSKU6011672"]),
        (.location, ["CNSHA", "CNHAK", "NLRTM", "USNYC", "GBLON", "DEHAM", "XZABC", "US2A9"]),
        (.commodity, ["020230", "02023000", "0202300090", "010121", "970110", "760110", "780110"]),
        (.enterprise, ["91350100M000100Y43", "91110108551385082Q", "9144030071526726XG", "914403001922038216"]),
        (.ship, ["9074729", "9321483", "9811000"]),
        (.country, ["CN", "DE", "HK", "MO", "TW", "US", "ZW", "AD"]),
        (.currency, ["CNY", "USD", "EUR", "HKD", "XAU", "ZWG", "HRK", "AED"]),
        (.time, ["08:30:00Z", "23:59:60z", "12:00:00.5+05:30"]),
        (.ipv4, ["0.0.0.0", "255.255.255.255"]),
        (.ipv6, ["::", "::1", "2001:db8::7", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:192.0.2.1", "1::"]),
        (.uriReference, ["", "a", "../a?b#c", "/a:b", "//host", "urn:a:b", "#", "a/b:c"]),
        (.jsonPointer, ["", "/", "/a~0b/~1"]),
        (.email, ["a@b", "\"\\\"\"@b.c"]),
        (.uri, ["http://[v1.a:b]/", "a:", "http://a:", "http://@/"]),
    ]

    static let bad: [(Format, [String])] = [
        (
            .container,
            [
                "CSQU3054384", "CSQX3054383", "csqu3054383", "CSQU305438", "CSQU30543833", "CS1U3054383", "",
                "CSQU305438A",
            ]
        ),
        (.location, ["CNSH", "CNSHAN", "QQSHA", "cnsha", "CNSH1", "CNSH0", "CN HA", "EUSHA", ""]),
        (
            .commodity,
            ["0202", "02023", "0202300", "020230001", "0202.30", "000000", "770110", "980110", "990110", "02023O", ""]
        ),
        (
            .enterprise,
            [
                "91350100M000100Y44", "91350100I000100Y43", "91350100m000100Y43", "9135010XM000100Y43",
                "91350100M000100Y4", "",
            ]
        ),
        (.ship, ["9074728", "IMO9074729", "907472", "90747299", ""]),
        (.country, ["cn", "EU", "UK", "XX", "C", "CHN", "", "C1"]),
        (.currency, ["cny", "RMB", "CN", "CNYY", "", "US1", "DEM"]),
        (.time, ["08:30:00", "24:00:00Z", "08:30Z", "08:30:00.Z", "08:30:00+24:00", "22:59:60Z", "08:30:00Zx"]),
        (.ipv4, ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", "1..2.3", "1.2.3.4 "]),
        (
            .ipv6,
            [
                "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:", ":1", "::1.2.3",
                "1:2:3:4:5:6:7::8:9",
            ]
        ),
        (.uriReference, ["a b", "%", "%2", "\\", "a:b c", "1:b", "//[::", "%41:b"]),
        (.jsonPointer, ["a", "/~", "/~2", "#/a"]),
        (.email, ["a@", "@b", "a@b@c", "a@-b", "a@b-.c", "a@b..c", "\"a@b", "a@[1.2.3]", "é@b"]),
        (.uri, ["", "a", "//a", "http://[::1", "http://[]/", "http://[v1]/", "http://a:b/", "http://a@b@c/"]),
    ]

    @Test("take real examples", arguments: good)
    func takes(_ format: Format, _ texts: [String]) {
        for text in texts { #expect(accepts(format, text), "\(text)") }
    }

    @Test("refuse what is not of them", arguments: bad)
    func refuses(_ format: Format, _ texts: [String]) {
        for text in texts { #expect(!accepts(format, text), "\(text)") }
    }

    @Test("a social credit code with any one character changed is none", arguments: good[3].1)
    func changedEnterprise(_ code: String) {
        let characters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        for (changed, _, _) in changes(of: code, to: characters) {
            #expect(!accepts(.enterprise, changed), "\(changed)")
        }
    }

    @Test("a container number with any one digit changed is none, but where the remainder 10 is written as 0")
    func changedContainer() {
        for number in Self.good[0].1 {
            for (changed, at, _) in changes(of: number, to: "0123456789") where at > 3 {
                let isAmbiguous = changed.hasSuffix("0") && remainder(changed) == 10
                #expect(accepts(.container, changed) == isAmbiguous, "\(changed)")
            }
        }
        #expect(remainder("CSQU3054383") == 3)
    }

    @Test("an IMO number with one digit changed is none, but where its weight hides the change")
    func changedShip() {
        for number in Self.good[4].1 {
            for (changed, at, difference) in changes(of: number, to: "0123456789") {
                let isHidden = at < 6 && (7 - at) * difference % 10 == 0
                #expect(accepts(.ship, changed) == isHidden, "\(changed)")
            }
        }
    }

    @Test("the code lists have as many codes as their sources")
    func codeLists() {
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        let pairs = letters.flatMap { first in letters.map { String([first, $0]) } }
        #expect(pairs.count { accepts(.country, $0) } == 249)
        let triples = pairs.flatMap { pair in letters.map { pair + String($0) } }
        #expect(triples.count { accepts(.currency, $0) } == 184)
    }

    @Test("have the names under which schemas know them")
    func names() {
        let expected: Set = [
            "date-time", "date", "time", "duration", "email", "ipv4", "ipv6", "uri", "uri-reference", "uuid",
            "json-pointer", "regex", "iso6346", "un-locode", "hs-code", "uscc", "imo-number", "iso3166-1-alpha-2",
            "iso4217",
        ]
        #expect(Set(Format.allCases.map(\.rawValue)) == expected)
    }

    @Test("never fail on any bytes", arguments: 1...50)
    func anything(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<40 {
            let characters = (0..<dice.below(24)).map { _ in dice.pick(Array("01259:./@[]%~TPZ-+#?ACUé\u{0}\"\\")) }
            for format in Format.allCases { _ = accepts(format, String(characters)) }
        }
    }

    private func accepts(_ format: Format, _ text: String) -> Bool {
        format.accepts(Array(text.utf8).span)
    }

    /// A text with each of its characters replaced by each of others: the result, the place, and the difference of the
    /// digits.
    private func changes(of text: String, to others: String) -> [(String, Int, Int)] {
        text.enumerated().flatMap { at, old in
            others.filter { $0 != old }.map { new in
                var characters = Array(text)
                characters[at] = new
                return (String(characters), at, (new.wholeNumberValue ?? 0) - (old.wholeNumberValue ?? 0))
            }
        }
    }

    /// The remainder of a container number by ISO 6346, by a table instead of arithmetic.
    private func remainder(_ number: String) -> Int {
        let values: [Character: Int] = [
            "A": 10, "B": 12, "C": 13, "D": 14, "E": 15, "F": 16, "G": 17, "H": 18, "I": 19, "J": 20, "K": 21, "L": 23,
            "M": 24, "N": 25, "O": 26, "P": 27, "Q": 28, "R": 29, "S": 30, "T": 31, "U": 32, "V": 34, "W": 35, "X": 36,
            "Y": 37, "Z": 38,
        ]
        return number.prefix(10).enumerated().reduce(0) { sum, character in
            sum + (values[character.element] ?? character.element.wholeNumberValue ?? 0) << character.offset
        } % 11
    }
}
