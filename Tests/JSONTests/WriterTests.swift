import JSON
import Testing

@Suite("The writer")
struct WriterTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("places commas between members and elements, and nowhere else")
    func commas() {
        let text = written { writer in
            writer.object { writer in
                writer.member("a", "x")
                writer.member("b", -1)
                writer.key("c")
                writer.array { writer in
                    writer.null()
                    writer.object { _ in }
                    writer.array { _ in }
                    writer.bool(true)
                    writer.bool(false)
                    writer.string("")
                }
                writer.key("")
                writer.object { $0.member("d", 0) }
                writer.member("e", "")
            }
        }
        #expect(text == #"{"a":"x","b":-1,"c":[null,{},[],true,false,""],"":{"d":0},"e":""}"#)
    }

    @Test(
        "writes strings that end as punctuation does without losing the comma after them",
        arguments: ["{", "[", ":", ",", "\n", "\"", "\\", "}", "]"])
    func punctuation(_ value: String) throws {
        let text = written { writer in
            writer.object { writer in
                writer.member(value, value)
                writer.member("next", value)
            }
        }
        let root = try document(text).root
        #expect(root.members.map(\.key) == [value, "next"])
        #expect(root.members.map(\.value.string) == [value, value])
    }

    @Test("takes raw values as they are, also those with white space around them")
    func raw() {
        let text = written { writer in
            writer.array { writer in
                writer.raw("{\"a\":1}\n".utf8)
                writer.raw("[2]".utf8)
                writer.integer(3)
            }
        }
        #expect(text == "[{\"a\":1}\n,[2],3]")
    }

    @Test("starts each line anew, and after everything was forgotten")
    func lines() {
        var writer = JSONWriter()
        writer.integer(1)
        writer.endLine()
        writer.object { _ in }
        writer.endLine()
        #expect(writer.bytes == Array("1\n{}\n".utf8))
        writer.removeAll()
        writer.null()
        #expect(writer.bytes == Array("null".utf8))
        writer.removeAll()
        writer.bool(false)
        #expect(writer.bytes == Array("false".utf8))
    }

    @Test("escapes only quotes, backslashes and control characters")
    func escapes() {
        let all = String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar($0) }))
        let expected =
            #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f\u0010\u0011\u0012\u0013"#
            + #"\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f !\"#
            + "\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`abcdefghijklmnopqrstuvwxyz{|}~\u{7F}\""
        #expect(written { $0.string(all) } == expected)
        #expect(written { $0.string("三互/\u{2028}😀") } == "\"三互/\u{2028}😀\"")
    }

    @Test(
        "writes integers of every length",
        arguments: [
            0, 9, 10, -10, 99, 100, 9_007_199_254_740_991, -9_007_199_254_740_991, .max, .min,
        ] as [Int64])
    func integers(_ value: Int64) {
        #expect(written { $0.integer(value) } == String(value))
    }

    @Test("keeps a number digit for digit, and writes nothing for a text that is none")
    func numbers() {
        var writer = JSONWriter()
        writer.array { writer in
            let first = writer.number("1.50")
            for text in ["", "01", "1.", "+1", " 1", "1 ", "1e400", "9007199254740992", "NaN", "1,2", "\"1\"", "１"] {
                let isNumber = writer.number(text)
                #expect(!isNumber, "\(text)")
            }
            let last = writer.number("-0.0e-7")
            #expect(first && last)
        }
        #expect(writer.bytes == Array("[1.50,-0.0e-7]".utf8))
    }

    @Test("says what is wrong with a number")
    func faults() {
        #expect(JSONNumber.fault(in: Array("12.5e3".utf8).span) == nil)
        #expect(JSONNumber.fault(in: Array("12.5e3x".utf8).span) == .invalidNumber)
        #expect(JSONNumber.fault(in: Array("1e999".utf8).span) == .numberOutOfRange)
    }

    @Test("passes on an error of the closure")
    func errors() {
        struct Stop: Error {}
        var writer = JSONWriter()
        #expect(throws: Stop.self) { try writer.object { _ in throw Stop() } }
    }
}
