import Foundation
import Testing

@testable import Interchange

@Suite("Reading CSV")
struct CSVReaderTests {
    private enum Line: Equatable {
        case record(Int, [String])
        case malformed(Int)
    }

    private func read(_ bytes: [UInt8]) -> [Line] {
        drain(CSVReader(ByteSource(bytes)))
    }

    private func read(_ text: String) -> [Line] { read(Array(text.utf8)) }

    private func drain(_ source: consuming CSVReader) -> [Line] {
        var reader = source
        var lines: [Line] = []
        while true {
            do throws(CSVReader.Malformed) {
                guard let record = try reader.next() else { return lines }
                lines.append(.record(record.line, record.fields))
            } catch {
                lines.append(.malformed(error.line))
            }
        }
    }

    @Test("reads either line end, a byte order mark, empty fields and a last line without an end")
    func readsPlain() {
        #expect(
            read("\u{FEFF}a,b\r\n,\nc,d") == [.record(1, ["a", "b"]), .record(2, ["", ""]), .record(3, ["c", "d"])])
        #expect(read("") == [])
        #expect(read("\n\r\n\na\n") == [.record(4, ["a"])])
    }

    @Test("reads quoted fields with commas, quotation marks and line breaks, and keeps counting lines")
    func readsQuoted() {
        #expect(
            read("\"a,\"\"b\"\"\",\"c\nd\"\r\ne,f\n\"\",g")
                == [.record(1, ["a,\"b\"", "c\nd"]), .record(3, ["e", "f"]), .record(4, ["", "g"])])
    }

    @Test("reports a malformed record with its line and goes on behind it")
    func goesOn() {
        #expect(read("a,b\nc\"d,e\nf,g\n") == [.record(1, ["a", "b"]), .malformed(2), .record(3, ["f", "g"])])
        #expect(read("\"a\"b,c\nd\n") == [.malformed(1), .record(2, ["d"])])
    }

    @Test("loses one record, not the rest, to a quotation mark that is never closed")
    func survivesOpenQuote() {
        #expect(read("a\n\"b,c\nd\ne") == [.record(1, ["a"]), .malformed(2), .record(3, ["d"]), .record(4, ["e"])])
    }

    @Test("refuses what is not UTF-8, over-long records and too many columns, each on its own")
    func holdsLimits() {
        #expect(read([0x61, 0xFF, 0x0A, 0x62]) == [.malformed(1), .record(2, ["b"])])
        let long = String(repeating: "x", count: CSVLimits.recordBytes * 5)
        let isOneRefused = read("a\n\(long)\nb\n") == [.record(1, ["a"]), .malformed(2), .record(3, ["b"])]
        #expect(isOneRefused)
        let wide = String(repeating: ",", count: CSVLimits.columns)
        #expect(read("\(wide)\nb\n") == [.malformed(1), .record(2, ["b"])])
    }

    @Test("gives the same records wherever a chunk of the file ends")
    func readsAcrossChunks() throws {
        let folder = try Folder()
        var text = ""
        var expected: [Line] = []
        for number in 1...40_000 {
            text += "\(number),\"é \"\"\(number)\"\"\"\r\n"
            expected.append(.record(number, ["\(number)", "é \"\(number)\""]))
        }
        let path = try folder.write(text, to: "big.csv")
        #expect(text.utf8.count > 2 * CSVLimits.chunkBytes)
        let handle = try #require(FileHandle(forReadingAtPath: path))
        #expect(drain(CSVReader(ByteSource(handle))) == expected)
    }
}
