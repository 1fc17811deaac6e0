import JSON
import Testing

@Suite("The parser refuses, with the kind of the first fault and its offset")
struct RefusalTests {
    static let structure: [Refusal] = [
        Refusal("", .unexpectedEnd, 0, "no text"),
        Refusal(" \n", .unexpectedEnd, 2, "only white space"),
        Refusal("\u{FEFF}1", .unexpectedByte, 0, "a byte order mark"),
        Refusal("\u{A0}1", .unexpectedByte, 0, "a space that is not JSON's"),
        Refusal("\u{0B}1", .unexpectedByte, 0, "a vertical tab"),
        Refusal("1\0", .trailingBytes, 1, "a NUL after the value"),
        Refusal("1 2", .trailingBytes, 2, "two values"),
        Refusal("{}{}", .trailingBytes, 2, "two objects"),
        Refusal("[1]//c", .trailingBytes, 3, "a comment after the value"),
        Refusal("/**/1", .unexpectedByte, 0, "a comment before the value"),
        Refusal("'a'", .unexpectedByte, 0, "single quotes"),
        Refusal("]", .unexpectedByte, 0, "an end without a beginning"),
        Refusal("[", .unexpectedEnd, 1, "an array that does not end"),
        Refusal("[1", .unexpectedEnd, 2, "an array that ends after an element"),
        Refusal("[1,", .unexpectedEnd, 3, "an array that ends after a comma"),
        Refusal("[1,]", .unexpectedByte, 3, "a comma before the end of an array"),
        Refusal("[,1]", .unexpectedByte, 1, "a comma before the first element"),
        Refusal("[1,,2]", .unexpectedByte, 3, "two commas"),
        Refusal("[1 2]", .unexpectedByte, 3, "elements without a comma"),
        Refusal("[1:2]", .unexpectedByte, 2, "a colon in an array"),
        Refusal("[1}", .unexpectedByte, 2, "an array that ends as an object"),
        Refusal("{\"a\":1]", .unexpectedByte, 6, "an object that ends as an array"),
        Refusal("{", .unexpectedEnd, 1, "an object that does not end"),
        Refusal("{\"a", .unexpectedEnd, 3, "an object that ends in a key"),
        Refusal("{\"a\"", .unexpectedEnd, 4, "an object that ends after a key"),
        Refusal("{\"a\":", .unexpectedEnd, 5, "an object that ends after a colon"),
        Refusal("{\"a\":1", .unexpectedEnd, 6, "an object that ends after a value"),
        Refusal("{\"a\"}", .unexpectedByte, 4, "a key without a value"),
        Refusal("{\"a\":}", .unexpectedByte, 5, "a colon without a value"),
        Refusal("{\"a\" 1}", .unexpectedByte, 5, "a key without a colon"),
        Refusal("{\"a\":1,}", .unexpectedByte, 7, "a comma before the end of an object"),
        Refusal("{,}", .unexpectedByte, 1, "a comma before the first key"),
        Refusal("{1:2}", .unexpectedByte, 1, "a number as a key"),
        Refusal("{a:1}", .unexpectedByte, 1, "a key without quotes"),
        Refusal("tru", .unexpectedEnd, 3, "a word that ends early"),
        Refusal("trux", .unexpectedByte, 3, "a word that goes wrong"),
        Refusal("[nul]", .unexpectedByte, 4, "a word cut short"),
        Refusal("True", .unexpectedByte, 0, "a word in capitals"),
        Refusal("truefalse", .trailingBytes, 4, "two words in one"),
        Refusal("NaN", .unexpectedByte, 0, "not a number"),
        Refusal("Infinity", .unexpectedByte, 0, "infinity"),
    ]

    static let numbers: [Refusal] = [
        Refusal("-", .invalidNumber, 1, "a sign alone"),
        Refusal("--1", .invalidNumber, 1, "two signs"),
        Refusal("-Infinity", .invalidNumber, 1, "infinity below zero"),
        Refusal("+1", .unexpectedByte, 0, "a plus sign"),
        Refusal(".5", .unexpectedByte, 0, "no digit before the point"),
        Refusal("-.5", .invalidNumber, 1, "no digit between sign and point"),
        Refusal("1.", .invalidNumber, 2, "no digit after the point"),
        Refusal("[1.]", .invalidNumber, 3, "no digit after the point, in an array"),
        Refusal("1.e3", .invalidNumber, 2, "no digit between point and exponent"),
        Refusal("1e", .invalidNumber, 2, "an exponent without digits"),
        Refusal("1E+", .invalidNumber, 3, "an exponent with only a sign"),
        Refusal("1e1.5", .trailingBytes, 3, "a point in an exponent"),
        Refusal("01", .invalidNumber, 0, "a leading zero"),
        Refusal("-01", .invalidNumber, 1, "a leading zero after a sign"),
        Refusal("00.5", .invalidNumber, 0, "two zeros before the point"),
        Refusal("[0x10]", .unexpectedByte, 2, "hexadecimal"),
        Refusal("1_000", .trailingBytes, 1, "an underscore"),
        Refusal("\u{FF11}", .unexpectedByte, 0, "a digit of another script"),
        Refusal("9007199254740992", .numberOutOfRange, 0, "2^53"),
        Refusal("[-9007199254740992]", .numberOutOfRange, 1, "-2^53"),
        Refusal("18446744073709551617", .numberOutOfRange, 0, "2^64+1, which is 1 to a careless reader"),
        Refusal("99999999999999999999999999", .numberOutOfRange, 0, "an integer of 26 digits"),
        Refusal("1e400", .numberOutOfRange, 0, "1e400"),
        Refusal("[0,-1e400]", .numberOutOfRange, 3, "-1e400"),
        Refusal("1.8e308", .numberOutOfRange, 0, "a little above the largest double"),
        Refusal("9007199254740992.0", .numberOutOfRange, 0, "2^53, with a fraction"),
        Refusal("1e20", .numberOutOfRange, 0, "canonically an integer beyond 2^53"),
        Refusal("-9.99e20", .numberOutOfRange, 0, "canonically an integer below -2^53"),
        Refusal(String(repeating: "9", count: 400) + ".5", .numberOutOfRange, 0, "400 digits before the point"),
    ]

    static let strings: [Refusal] = [
        Refusal("\"", .unexpectedEnd, 1, "a string that does not end"),
        Refusal("\"abcdefghijklmnop", .unexpectedEnd, 17, "a long string that does not end"),
        Refusal("\"\\", .unexpectedEnd, 2, "a string that ends in an escape"),
        Refusal("\"\\\"", .unexpectedEnd, 3, "a string whose last quote is escaped"),
        Refusal("\"\u{01}\"", .controlCharacter, 1, "a control character"),
        Refusal("\"ab\n\"", .controlCharacter, 3, "a line feed"),
        Refusal("\"abcdefgh\tijklmnop\"", .controlCharacter, 9, "a tab"),
        Refusal("{\"a\0\":1}", .controlCharacter, 3, "a NUL in a key"),
        Refusal("\"\\x41\"", .invalidEscape, 1, "an escape that JSON does not have"),
        Refusal("\"\\'\"", .invalidEscape, 1, "an escaped single quote"),
        Refusal("\"\\U0041\"", .invalidEscape, 1, "a capital U"),
        Refusal("\"\\u12G4\"", .invalidEscape, 1, "digits that are not hexadecimal"),
        Refusal("\"\\u+123\"", .invalidEscape, 1, "a sign in an escape"),
        Refusal("\"\\u12\"", .invalidEscape, 1, "too few digits"),
        Refusal("\"\\u00", .invalidEscape, 1, "an escape cut off"),
        Refusal("\"\\ud800\"", .loneSurrogate, 1, "a high surrogate alone"),
        Refusal("\"\\uDC00\"", .loneSurrogate, 1, "a low surrogate alone"),
        Refusal("\"\\ud83d\\u0041\"", .loneSurrogate, 1, "a high surrogate before a letter"),
        Refusal("\"\\ud83dxu0041\"", .loneSurrogate, 1, "a high surrogate before no escape"),
        Refusal("\"\\ud83d\\ud83d\"", .loneSurrogate, 1, "two high surrogates"),
        Refusal("\"\\ude00\\ud83d\"", .loneSurrogate, 1, "a pair the wrong way round"),
        Refusal("\"\\ud83d\\ude0\"", .loneSurrogate, 1, "a pair cut short"),
        Refusal("\"\\ud83d", .loneSurrogate, 1, "a high surrogate at the end"),
        Refusal("{\"\\ud800\":1}", .loneSurrogate, 2, "a high surrogate in a key"),
        Refusal("\"\\uFFFE\"", .nonCharacter, 1, "U+FFFE escaped"),
        Refusal("\"\\ufdd0\"", .nonCharacter, 1, "U+FDD0 escaped"),
        Refusal("\"\\ud83f\\udffe\"", .nonCharacter, 1, "U+1FFFE as a pair"),
        Refusal("\"a\u{FFFF}\"", .nonCharacter, 2, "U+FFFF"),
        Refusal("\"\u{10FFFF}\"", .nonCharacter, 1, "U+10FFFF"),
        Refusal("\"\u{3FFFE}\"", .nonCharacter, 1, "U+3FFFE"),
    ]

    static let sequences: [Refusal] = [
        Refusal(quoted([0x80]), .invalidUTF8, 1, "a continuation byte alone"),
        Refusal(quoted([0xC0, 0x80]), .invalidUTF8, 1, "an overlong NUL"),
        Refusal(quoted([0xC1, 0xBF]), .invalidUTF8, 1, "an overlong DEL"),
        Refusal(quoted([0xE0, 0x80, 0xAF]), .invalidUTF8, 1, "an overlong slash in three bytes"),
        Refusal(quoted([0xE0, 0x9F, 0xBF]), .invalidUTF8, 1, "the last overlong of three bytes"),
        Refusal(quoted([0xF0, 0x8F, 0xBF, 0xBF]), .invalidUTF8, 1, "the last overlong of four bytes"),
        Refusal(quoted([0xED, 0xA0, 0x80]), .invalidUTF8, 1, "an encoded high surrogate"),
        Refusal(quoted([0xED, 0xBF, 0xBF]), .invalidUTF8, 1, "an encoded low surrogate"),
        Refusal(quoted([0xF4, 0x90, 0x80, 0x80]), .invalidUTF8, 1, "above U+10FFFF"),
        Refusal(quoted([0xF5, 0x80, 0x80, 0x80]), .invalidUTF8, 1, "a lead byte that UTF-8 does not have"),
        Refusal(quoted([0xFF]), .invalidUTF8, 1, "the byte FF"),
        Refusal(quoted([0x61, 0xC3]), .invalidUTF8, 2, "two bytes cut to one"),
        Refusal(quoted([0xE2, 0x82]), .invalidUTF8, 1, "three bytes cut to two"),
        Refusal(quoted([0xF0, 0x9F, 0x98]), .invalidUTF8, 1, "four bytes cut to three"),
        Refusal(quoted([0xE2, 0x28, 0xA1]), .invalidUTF8, 1, "a second byte that continues nothing"),
        Refusal(quoted([0xF0, 0x9F, 0x98, 0x28]), .invalidUTF8, 1, "a fourth byte that continues nothing"),
        Refusal([0x22, 0xF0, 0x9F], .invalidUTF8, 1, "a text that ends in a sequence"),
        Refusal([0xFF, 0xFE, 0x31, 0x00], .unexpectedByte, 0, "UTF-16"),
    ]

    @Test("structure", arguments: structure)
    func refusesStructure(_ refusal: Refusal) {
        #expect(fault(in: refusal.bytes) == refusal.fault)
    }

    @Test("numbers", arguments: numbers)
    func refusesNumber(_ refusal: Refusal) {
        #expect(fault(in: refusal.bytes) == refusal.fault)
    }

    @Test("strings", arguments: strings)
    func refusesString(_ refusal: Refusal) {
        #expect(fault(in: refusal.bytes) == refusal.fault)
    }

    @Test("sequences of UTF-8", arguments: sequences)
    func refusesSequence(_ refusal: Refusal) {
        #expect(fault(in: refusal.bytes) == refusal.fault)
    }

    @Test("a fault inside a string at every distance from its beginning, so at every place in a group of eight")
    func findsFaultAtEveryDistance() {
        for distance in 0..<40 {
            let before = "\"" + String(repeating: "x", count: distance)
            let after = String(repeating: "y", count: 20) + "\""
            #expect(fault(in: before + "\u{1F}" + after) == JSONError(.controlCharacter, at: distance + 1))
            #expect(fault(in: before + "\\z" + after) == JSONError(.invalidEscape, at: distance + 1))
            let invalid = Array(before.utf8) + [0xFE] + Array(after.utf8)
            #expect(fault(in: invalid) == JSONError(.invalidUTF8, at: distance + 1))
            #expect(fault(in: before + "\"x" + after) == JSONError(.trailingBytes, at: distance + 2))
        }
    }

    @Test("every kind of fault says in words where it is")
    func describesFaults() {
        let faults = (Self.structure + Self.numbers + Self.strings + Self.sequences).map(\.fault)
        for fault in faults { #expect(fault.description.hasSuffix(" at byte \(fault.offset)")) }
        #expect(Set(faults.map(\.code)).count == 10)
    }
}
