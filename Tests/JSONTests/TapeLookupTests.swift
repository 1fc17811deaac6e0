import TestSupport
import Testing

@testable import JSON

@Suite("Looking texts up on the tape")
struct TapeLookupTests {
    /// Something that is nearly a text, or it.
    private static func near(_ text: [UInt8], _ dice: inout Dice) -> [UInt8] {
        var near = text
        switch dice.below(5) {
        case 0: near = Array(text.dropLast())
        case 1: near.append(dice.pick([0, 0x61, 0x78]))
        case 2 where !text.isEmpty: near[dice.below(text.count)] ^= 1 << UInt8(dice.below(8))
        case 3: near = Array(Hex.encode(text).utf8.prefix(text.count))
        default: break
        }
        return near
    }

    @Test("a string reads as its own text and no other, by its bytes; with escapes, as none", arguments: 1...150)
    func reads(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        let document = try JSONDocument(parsing: random.text(of: .array((0..<8).map { _ in random.meaning(depth: 2) })))
        let (tape, bytes) = (document.tape, document.bytes)
        for (index, node) in tape.nodes.enumerated() where node.kind == .string {
            let own = tape.decodedBytes(at: index, in: bytes.span)
            for text in [own, Self.near(own, &random.dice), Self.near(own, &random.dice), []] {
                let comment: Comment = "seed \(seed): \(Hex.encode(own)), \(Hex.encode(text))"
                #expect(
                    tape.reads(as: text.span, index, in: bytes.span) == (!node.isEscaped && own == text), comment)
                #expect(tape.matches(text, index, in: bytes.span) == (own == text), comment)
            }
            // As it is written, with its escapes, it is no text of its own.
            let start = Int(node.offset)
            let written = Array(bytes[start..<start + Int(node.length)])
            #expect(tape.reads(as: written.span, index, in: bytes.span) == !node.isEscaped, "seed \(seed)")
            #expect(Array(tape.decodedString(at: index, in: bytes.span).utf8) == own, "seed \(seed)")
        }
    }

    /// The node of an object's member, by going through all of them.
    private static func naive(_ key: [UInt8], _ object: Int, _ document: JSONDocument) -> Int? {
        JSONValue(document: document, index: object).members
            .first { Array($0.key.utf8) == key }?.value.index
    }

    @Test("a member is found by its key however that is written, and one that is not there is not", arguments: 1...150)
    func members(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        let document = try JSONDocument(parsing: random.text(of: .array((0..<8).map { _ in random.meaning(depth: 3) })))
        let (tape, bytes) = (document.tape, document.bytes)
        for (object, node) in tape.nodes.enumerated() where node.kind == .object {
            let keys = JSONValue(document: document, index: object).members.map { Array($0.key.utf8) }
            for key in keys + keys.map({ Self.near($0, &random.dice) }) + [[], Array("x".utf8)] {
                #expect(
                    tape.member(key, ofObjectAt: object, in: bytes.span) == Self.naive(key, object, document),
                    "seed \(seed): \(Hex.encode(key)) in \(String(decoding: bytes, as: UTF8.self))")
            }
        }
    }

    @Test("escaped keys, keys that look like others as they are written, and keys within values")
    func examples() throws {
        let text = #"{"a":1,"\u0062":{"c":2},"d\\u0065":3,"\u00e9":4,"e\u0301":5,"f":["g",6]}"#
        let document = try document(text)
        func value(_ key: String) -> String? {
            document.tape.member(Array(key.utf8), ofObjectAt: 0, in: document.bytes.span).map { index in
                String(decoding: JSONValue(document: document, index: index).text, as: UTF8.self)
            }
        }
        #expect(value("a") == "1" && value("b") == #"{"c":2}"#)
        #expect(value(#"\u0062"#) == nil && value("c") == nil && value("g") == nil)
        #expect(value(#"d\u0065"#) == "3" && value("de") == nil)
        #expect(value("\u{E9}") == "4" && value("e\u{301}") == "5", "told apart by their bytes")
    }
}
