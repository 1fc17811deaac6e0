import Foundation
import JSON
import TestSupport
import Testing

@Suite("What holds for any JSON")
struct PropertyTests {
    /// Writes what a value means with the project's writer.
    private func write(_ meaning: Meaning, to writer: inout JSONWriter) {
        switch meaning {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .number(let value):
            if let integer = Int64(exactly: value) {
                writer.integer(integer)
            } else {
                let isNumber = writer.number(value.description)
                #expect(isNumber, "\(value)")
            }
        case .string(let utf8): writer.string(String(decoding: utf8, as: UTF8.self))
        case .array(let elements): writer.array { for element in elements { write(element, to: &$0) } }
        case .object(let members):
            writer.object { writer in
                for member in members {
                    writer.key(String(decoding: member.key, as: UTF8.self))
                    write(member.value, to: &writer)
                }
            }
        }
    }

    @Test(
        "a text means what it was made from, and so do its canonical form, its compact form and what the writer writes",
        arguments: 1...300)
    func roundTrips(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        let meaning = random.meaning()
        let text = random.text(of: meaning)
        let comment: Comment = "seed \(seed): \(String(decoding: text, as: UTF8.self))"
        let document = try JSONDocument(parsing: text)
        #expect(Meaning(document.root) == meaning, comment)

        let canonical = JSONCanonicalForm.bytes(of: document.root)
        let again = try JSONDocument(parsing: canonical)
        #expect(again.tape.whitespaceBytes == 0, comment)
        #expect(Meaning(again.root).sorted == meaning.sorted, comment)
        #expect(JSONCanonicalForm.bytes(of: again.root) == canonical, comment)

        var compact: [UInt8] = []
        JSONCompaction.append(document.bytes, document.tape, to: &compact)
        let compacted = try JSONDocument(parsing: compact)
        #expect(compacted.tape.whitespaceBytes == 0, comment)
        #expect(compact.count == text.count - document.tape.whitespaceBytes, comment)
        #expect(Meaning(compacted.root) == meaning, comment)

        var writer = JSONWriter()
        write(meaning, to: &writer)
        let written = try JSONDocument(parsing: writer.bytes)
        #expect(written.tape.whitespaceBytes == 0, comment)
        #expect(Meaning(written.root) == meaning, comment)
    }

    @Test("the order of members and the way of writing make no difference to the canonical form", arguments: 1...100)
    func canonicalIsOne(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        let meaning = random.meaning()
        let one = try JSONDocument(parsing: random.text(of: meaning))
        let other = try JSONDocument(parsing: random.text(of: meaning.sorted))
        #expect(JSONCanonicalForm.bytes(of: one.root) == JSONCanonicalForm.bytes(of: other.root), "seed \(seed)")
    }

    @Test("a text cut off anywhere is refused, with an offset inside it", arguments: 1...30)
    func cutOff(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        let text = random.text(of: .array([random.meaning()]))
        let end = try #require(text.lastIndex(of: 0x5D))
        for count in 0...end {
            let fault = fault(in: Array(text[..<count]))
            #expect(fault != nil && (0...count).contains(fault?.offset ?? -1), "seed \(seed), \(count) bytes")
        }
    }

    @Test(
        "changed bytes never crash it; what it still accepts, Foundation accepts, and it means the same canonically",
        arguments: 1...100)
    func mutations(_ seed: UInt64) throws {
        var random = RandomJSON(dice: Dice(seed: seed))
        var parser = JSONParser()
        var tape = JSONTape()
        var accepted = 0
        for _ in 0..<60 {
            let text = random.mutated(random.text(of: random.meaning(depth: 3)))
            let comment: Comment = "seed \(seed): \(Hex.encode(text))"
            do throws(JSONError) {
                try parser.parse(text.span, into: &tape)
            } catch {
                #expect((0...text.count).contains(error.offset), comment)
                continue
            }
            accepted += 1
            #expect(throws: Never.self, comment) {
                try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)
            }
            let document = try JSONDocument(parsing: text)
            let canonical = try JSONDocument(parsing: JSONCanonicalForm.bytes(of: document.root))
            #expect(Meaning(canonical.root).sorted == Meaning(document.root).sorted, comment)
        }
        #expect(accepted > 0, "seed \(seed): the changes leave nothing to compare")
    }

    @Test("compaction takes the white space between tokens and leaves that in strings")
    func compaction() throws {
        let document = try document(" { \"a \\\" b\" : [ \"\\\\\" , \" \\u0020\\t\" , 1.50 ] } ")
        var compact = Array("before ".utf8)
        JSONCompaction.append(document.bytes, document.tape, to: &compact)
        #expect(String(decoding: compact, as: UTF8.self) == "before {\"a \\\" b\":[\"\\\\\",\" \\u0020\\t\",1.50]}")
    }
}
