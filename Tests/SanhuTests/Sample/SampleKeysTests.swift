import EventLog
import JSON
import Testing

@testable import sanhu

/// The check digits as a reader of the standards would write them, from tables and with no thought for speed.
private enum Naive {
    static let iso6346: [Character: Int] = [
        "A": 10, "B": 12, "C": 13, "D": 14, "E": 15, "F": 16, "G": 17, "H": 18, "I": 19, "J": 20, "K": 21, "L": 23,
        "M": 24, "N": 25, "O": 26, "P": 27, "Q": 28, "R": 29, "S": 30, "T": 31, "U": 32, "V": 34, "W": 35, "X": 36,
        "Y": 37, "Z": 38,
    ]

    static func isContainer(_ text: String) -> Bool {
        guard text.count == 11, text.prefix(4).allSatisfy({ $0.isUppercase }), text.dropFirst(3).first == "U",
            text.dropFirst(4).allSatisfy(\.isWholeNumber)
        else { return false }
        var sum = 0
        var weight = 1
        for character in text.dropLast() {
            sum += (iso6346[character] ?? character.wholeNumberValue ?? 0) * weight
            weight *= 2
        }
        let check = sum - sum / 11 * 11
        return (check == 10 ? 0 : check) == text.last?.wholeNumberValue
    }

    static func isIMO(_ text: String) -> Bool {
        let digits = text.compactMap(\.wholeNumberValue)
        guard digits.count == 7, text.count == 7 else { return false }
        let (a, b, c) = (digits[0] * 7, digits[1] * 6, digits[2] * 5)
        let (d, e, f) = (digits[3] * 4, digits[4] * 3, digits[5] * 2)
        return String(a + b + c + d + e + f).last == text.last
    }

    static let gb32100: [Character: Int] = [
        "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "A": 10, "B": 11, "C": 12,
        "D": 13, "E": 14, "F": 15, "G": 16, "H": 17, "J": 18, "K": 19, "L": 20, "M": 21, "N": 22, "P": 23, "Q": 24,
        "R": 25, "T": 26, "U": 27, "W": 28, "X": 29, "Y": 30,
    ]

    static func isCreditCode(_ text: String) -> Bool {
        let values = text.compactMap { gb32100[$0] }
        guard values.count == 18, text.count == 18 else { return false }
        let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
        let sum = zip(values, weights).map { $0 * $1 }.reduce(0, +)
        guard (sum + values[17]) % 31 == 0 else { return false }
        return isOrganisationCode(Array(text)[8..<17])
    }

    static func isOrganisationCode(_ text: ArraySlice<Character>) -> Bool {
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(text, weights).map { (alphabet.firstIndex(of: $0) ?? 0) * $1 }.reduce(0, +)
        let check = text.last == "X" ? 10 : (text.last?.wholeNumberValue ?? 99)
        return (sum + check) % 11 == 0
    }
}

@Suite("Keys and their check digits")
struct SampleKeysTests {
    @Test("The independent checks know the standards' own examples, and refuse a changed digit")
    func naiveChecksAreSound() {
        #expect(Naive.isContainer("CSQU3054383"))
        #expect(!Naive.isContainer("CSQU3054384"))
        #expect(!Naive.isContainer("CSQU3054833"))
        #expect(Naive.isIMO("9074729"))
        #expect(!Naive.isIMO("9074728"))
        #expect(Naive.isCreditCode("91350100M000100Y43"))
        #expect(!Naive.isCreditCode("91350100M000100Y44"))
        #expect(!Naive.isCreditCode("91350100M000100Y34"))
    }

    @Test("The standards' own examples come out")
    func examples() {
        #expect(SampleKeys.container(owner: "CSQU", serial: 305_438) == "CSQU3054383")
        #expect(SampleKeys.imo(serial: 907_472) == "9074729")
        #expect(SampleKeys.creditCode(division: "350100", organisation: "M000100Y") == "91350100M000100Y43")
        let number = SampleKeys.declaration(office: "9001", year: 2024, isImport: true, serial: 851)
        #expect(number == "900120241000000851")
    }

    @Test("Every key of a sample is right", arguments: [1, 7, 1234])
    func keysAreRight(seed: UInt64) throws {
        for event in try SampleEvent.all(seed: seed, declarations: 200) {
            for container in event.tags("container") { #expect(Naive.isContainer(container), "\(container)") }
            for enterprise in event.tags("enterprise") { #expect(Naive.isCreditCode(enterprise), "\(enterprise)") }
            for conveyance in event.tags("conveyance") {
                #expect(conveyance.hasPrefix("IMO") && Naive.isIMO(String(conveyance.dropFirst(3))), "\(conveyance)")
            }
        }
    }

    @Test("A declaration's number has its office, year and direction in it, and its goods a ten-digit code")
    func declarationsAreNumbered() throws {
        for event in try SampleEvent.all(seed: 8, declarations: 150) where event.isDeclaration {
            let number = event.data("declaration")
            #expect(number.count == 18 && number.allSatisfy(\.isWholeNumber))
            #expect(number.prefix(4) == event.data("office"))
            #expect(number.dropFirst(4).prefix(4) == "2018")
            #expect(number.dropFirst(8).first == (event.data("flow") == "import" ? "1" : "0"))
            for item in event.event["data"]?["items"]?.elements ?? [] {
                let code = item["hsCode"]?.string ?? ""
                #expect(code.count == 10 && code.allSatisfy(\.isWholeNumber))
            }
        }
    }

    @Test("No container is in two declarations at once")
    func containersAreDistinct() throws {
        let lodged = try SampleEvent.all(seed: 6, declarations: 1000).filter { $0.name == "declaration.lodged" }
        let containers = lodged.flatMap { $0.tags("container") }
        #expect(Set(containers).count == containers.count)
    }

    @Test("Digits are padded with zeros and cut from the front")
    func digits() {
        #expect(SampleKeys.digits(7, count: 3) == "007")
        #expect(SampleKeys.digits(1234, count: 4) == "1234")
        #expect(SampleKeys.digits(123_456, count: 4) == "3456")
    }
}
