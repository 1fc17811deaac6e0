import JSONSchema
import TestSupport
import Testing

@Suite("Regular expressions")
struct RegularExpressionTests {
    @Test("match what an obvious matcher matches, with a table and without", arguments: 1...200)
    func againstNaive(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<20 {
            let pattern = NaivePattern.random(&dice, depth: 3)
            let expression = try RegularExpression(pattern.text)
            for _ in 0..<8 {
                let text = (0..<dice.below(7)).map { _ in dice.pick(NaivePattern.alphabet) }
                #expect(
                    try expression.matches(String(text)) == pattern.matches(text),
                    "seed \(seed): /\(pattern.text)/ on “\(String(text))”")
            }
        }
    }

    @Test(
        "examples that match",
        arguments: [
            ("^[A-Z]{4}[0-9]{7}$", "CSQU3054383"), ("", ""), ("b", "abc"), ("^$", ""), ("a{0}$", "b"), ("[^]", "\n"),
            ("^\\u{1F432}$", "🐲"), ("^\\uD83D\\uDC32$", "🐲"), ("^\\x41\\0?$", "A"), ("^[\\]\\-^]+$", "]-^"),
            ("^[a-]$", "-"), ("^[\\b]$", "\u{8}"), ("^(?<year>\\d{4})$", "2026"), ("^\\p{Script=Han}+$", "海南三互"),
            ("^\\p{Lu}\\P{Lu}$", "Éa"), ("^\\p{L}+$", "Straße"), ("^\\p{General_Category=Nd}$", "৪"), ("^\\/$", "/"),
            ("^\\p{Alphabetic}$", "ñ"), ("^\\p{sc=Hani}$", "々"), ("^(a|b|)*?c$", "ababc"), ("\\bport\\b", "the port."),
            ("^[\\d\\s]+$", "1 2\u{3000}3"), ("^.{2}$", "🐲é"), ("a|b|^c", "xxb"), ("^\\p{N}$", "Ⅷ"),
            ("^\\p{Any}$", "x"),
        ])
    func matches(_ pattern: String, _ text: String) throws {
        #expect(try RegularExpression(pattern).matches(text) == true)
    }

    @Test(
        "examples that do not match",
        arguments: [
            ("^[A-Z]{4}[0-9]{7}$", "CSQU305438"), ("^abc$", "abc\n"), ("^.$", "\n"), ("^.$", "\u{2028}"), ("[]", "a"),
            ("^\\d$", "৪"), ("^\\p{Script=Han}$", "a"), ("^\\p{Lu}$", "é"), ("\\Bport", "a port"), ("a^", "aa"),
            ("^a$b?", "ab"), ("$a", "a"), ("^\\P{L}$", "é"), ("^\\w$", "é"), ("^x{2,3}$", "xxxx"), ("^\\cA$", "A"),
        ])
    func doesNotMatch(_ pattern: String, _ text: String) throws {
        #expect(try RegularExpression(pattern).matches(text) == false)
    }

    @Test(
        "what cannot be promised in linear time, or is not known, is refused as such",
        arguments: [
            "(a)\\1", "(?<n>a)\\k<n>", "(?=a)", "(?!a)b", "(?<=a)b", "(?<!a)b", "\\p{Script=Greek}", "\\p{Emoji}",
            "\\p{Lx}", "[\\p{nothing}]",
        ])
    func unsupported(_ pattern: String) {
        #expect(fault(pattern)?.code == .unsupported)
    }

    @Test(
        "what is no expression with the flag u is refused",
        arguments: [
            "(", ")", "a)", "(?:a", "[a", "]", "{", "}", "a{", "a{1", "a{2,1}", "a{,3}", "*", "+a", "a**", "a{1}{2}",
            "^*", "\\b+", "(?i:a)", "(?<1>a)", "(?<>a)", "(?<a", "\\", "\\a", "\\Z", "\\-", "\\c", "\\c1", "\\x1",
            "\\u12", "\\u{}", "\\u{110000}", "\\u{12", "[b-a]", "[\\d-z]", "[a-\\d]", "\\00", "[\\1]", "\\p", "\\p{L",
            "\\pL", "\\_", "(?a)", "\\p{A=B=C}",
        ])
    func malformed(_ pattern: String) {
        #expect(fault(pattern)?.code == .malformed)
    }

    @Test(
        "what takes too large a program is refused, and soon",
        arguments: [
            "a{5000}", "(a{100}){100}", "((((a{20}){20}){20}){20}){20}", "a{99999999999999999999}", "(a?){1000}b{200}",
            String(repeating: "a", count: 4097), String(repeating: "(", count: 65) + String(repeating: ")", count: 65),
        ])
    func tooLarge(_ pattern: String) {
        #expect(fault(pattern)?.code == .tooLarge)
    }

    @Test(
        "nothing repeated any number of times is nothing, and takes no time",
        arguments: ["(){9999999}", "((){999}){0,999}"])
    func emptyRepetition(_ pattern: String) throws {
        #expect(try RegularExpression("^" + pattern + "$").matches("") == true)
        #expect(try RegularExpression("^" + pattern + "$").matches("a") == false)
    }

    @Test("the fault says where it is")
    func offset() {
        #expect(fault("ab(?=c)")?.offset == 2)
        #expect(fault("é[b-a]")?.description == "a range of characters that ends before it begins at character 5")
    }

    @Test(
        "each character of the text costs at most one visit of each instruction",
        arguments: ["^(a*)*b$", "^(a|aa)+$", "(a|a|a)*b", "(x+x+)+y", "(.*)(.*)(.*)(.*)z", "(a?){30}a{30}b"])
    func linearTime(_ pattern: String) throws {
        let expression = try RegularExpression(pattern)
        var visits: [Int] = []
        for length in [200, 400, 800] {
            let text = [UInt8](repeating: UInt8(ascii: pattern.contains("x") ? "x" : "a"), count: length)
            let result = expression.stepThrough(text.span)
            #expect(result.visits <= expression.size * (length + 1))
            visits.append(result.visits)
        }
        #expect(visits[0] > 200)
        #expect(visits[2] - visits[1] == (visits[1] - visits[0]) * 2)
    }

    @Test("a table that would grow exponentially is not made, and the text is matched all the same")
    func exponentialTable() throws {
        let expression = try RegularExpression("a.{16}$")
        #expect(!expression.hasTable)
        #expect(try RegularExpression("^[A-Z]{4}[0-9]{7}$").hasTable)
        let tail = String(repeating: "b", count: 16)
        #expect(try expression.matches("ba" + tail) == true)
        #expect(try expression.matches("a" + tail + "b") == false)
    }

    private func fault(_ pattern: String) -> PatternError? {
        do throws(PatternError) {
            _ = try RegularExpression(pattern)
            return nil
        } catch {
            return error
        }
    }
}
