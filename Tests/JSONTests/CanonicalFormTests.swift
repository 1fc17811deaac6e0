import Crypto
import Foundation
import JSON
import TestSupport
import Testing

@Suite("The canonical form (RFC 8785)")
struct CanonicalFormTests {
    @Test(
        "numbers as ECMAScript writes them (RFC 8785, appendix B)",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func numbers(_ bits: UInt64, _ expected: String) {
        #expect(JSONCanonicalForm.number(Double(bitPattern: bits)) == expected)
    }

    @Test(
        "texts",
        arguments: [
            ("-0", "0"), ("-0.0", "0"), ("1.0", "1"), ("100", "100"), ("1E+2", "100"), ("0.000001", "0.000001"),
            ("1e-7", "1e-7"), ("1E30", "1e+30"), ("4.50", "4.5"), ("123456.789", "123456.789"), ("10.10", "10.1"),
            (" [ null , true , false ] ", "[null,true,false]"), ("{ }", "{}"), ("[ ]", "[]"),
            ("\"\\u0041\\/\\u20ac\"", "\"A/€\""), ("\"\\u001F\\u007f\"", "\"\\u001f\u{7F}\""),
            ("\"\\u0008\\u0009\\u000A\\u000C\\u000D\\u0022\\u005C\"", "\"\\b\\t\\n\\f\\r\\\"\\\\\""),
            ("{\"b\":1,\"a\":{\"d\":[],\"c\":2}}", "{\"a\":{\"c\":2,\"d\":[]},\"b\":1}"),
            ("{\"10\":1,\"1\":2,\"\":3,\"A\":4,\"a\":5}", "{\"\":3,\"1\":2,\"10\":1,\"A\":4,\"a\":5}"),
        ])
    func texts(_ text: String, _ expected: String) throws {
        #expect(try canonical(text) == expected)
    }

    @Test("keys in the order of UTF-16 code units, where pairs of surrogates stand before U+E000")
    func orderOfKeys() throws {
        #expect(
            try canonical("{\"\u{E000}\":1,\"\u{1F600}\":2,\"\u{D7FF}\":3}")
                == "{\"\u{D7FF}\":3,\"\u{1F600}\":2,\"\u{E000}\":1}")
    }

    @Test("Unicode is not normalised")
    func noNormalisation() throws {
        #expect(try Array(canonical("\"A\\u030a\"").utf8) == Array("\"A\u{30A}\"".utf8))
    }

    @Test(
        "the vectors of RFC 8785's author come out byte for byte",
        .enabled(if: SharedFolder.has("vectors/jcs/testdata/input"), "vectors/jcs is not in the shared folder")
    )
    func vectors() throws {
        let inputs = try SharedFolder.files(under: "vectors/jcs/testdata/input", suffix: ".json")
        #expect(inputs.count == 6)
        for input in inputs {
            let name = try #require(input.split(separator: "/").last?.dropLast(".json".count))
            let document = try JSONDocument(parsing: SharedFolder.bytes(input))
            let result = JSONCanonicalForm.bytes(of: document.root)
            let hex = String(decoding: try SharedFolder.bytes("vectors/jcs/testdata/outhex/\(name).txt"), as: UTF8.self)
            #expect(result == Hex.decode(hex), "\(name)")
            #expect(try result == SharedFolder.bytes("vectors/jcs/testdata/output/\(name).json"), "\(name)")
        }
    }

    @Test(
        "100,000 numbers of the ES6 sequence hash as its author says",
        .enabled(
            if: SharedFolder.has("vectors/jcs/testdata/README.md"), "vectors/jcs is not in the shared folder"))
    func numberSequence() throws {
        let readme = String(decoding: try SharedFolder.bytes("vectors/jcs/testdata/README.md"), as: UTF8.self)
        var sequence = try ES6Numbers(readme: readme)
        let expected = [
            1000: "be18b62b6f69cdab33a7e0dae0d9cfa869fda80ddc712221570f9f40a5878687",
            10_000: "b9f7a8e75ef22a835685a52ccba7f7d6bdc99e34b010992cbc5864cd12be6892",
            100_000: "22776e6d4b49fa294a0d0f349268e5c28808fe7e0cb2bcbe28f63894e494d4c7",
        ]
        var hasher = SHA256()
        var checked = 0
        for line in 1...100_000 {
            let number = sequence.next()
            let text = "\(String(number.bitPattern, radix: 16)),\(JSONCanonicalForm.number(number))\n"
            hasher.update(data: Array(text.utf8))
            if let expected = expected[line] {
                #expect(Hex.encode(hasher.finalize()) == expected, "the first \(line) lines")
                checked += 1
            }
        }
        #expect(checked == 3)
    }
}

/// The sequence of doubles that the vectors' README describes: fixed ones, the smallest normal ones, and those that a
/// chain of SHA-256 hashes gives.
private struct ES6Numbers {
    private let fixed: [UInt64]
    private var index = 0
    private var block = [UInt8](repeating: 0, count: 32)
    private var rest: [Double] = []

    /// Takes the fixed numbers out of the README.
    init(readme: String) throws {
        let start = try #require(readme.range(of: "staticU64s = new"))
        let end = try #require(readme.range(of: "])", range: start.upperBound..<readme.endIndex))
        let literals = readme[start.upperBound..<end.lowerBound].split { !$0.isHexDigit && $0 != "x" && $0 != "n" }
        fixed = literals.filter { $0.hasPrefix("0x") }.compactMap { UInt64($0.dropFirst(2).dropLast(), radix: 16) }
        try #require(fixed.count > 100)
    }

    mutating func next() -> Double {
        defer { index += 1 }
        if index < fixed.count { return Double(bitPattern: fixed[index]) }
        if index < fixed.count + 2000 { return Double(bitPattern: 0x0010_0000_0000_0000 + UInt64(index - fixed.count)) }
        while true {
            if rest.isEmpty {
                block = Array(SHA256.hash(data: block))
                rest = stride(from: 0, to: 32, by: 8).map { start in
                    Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(block[start + $1]) << UInt64($1 * 8) })
                }
            }
            let number = rest.removeFirst()
            if number != 0, number.isFinite { return number }
        }
    }
}
