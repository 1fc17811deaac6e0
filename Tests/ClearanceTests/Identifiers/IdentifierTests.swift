import Clearance
import Foundation
import TestSupport
import Testing

@Suite("Identifiers and their check digits")
struct IdentifierTests {
    /// Of the standards and of those who have published them: ISO 6346, the Bureau International des Containers, python-stdnum.
    private static let containers = [
        "CSQU3054383", "BICU1234565", "TOLU4734787", "MSKU6011672", "TCNU7200794", "GYOU4047990",
    ]
    /// Of the IMO's scheme and of ships that sail.
    private static let ships = ["9074729", "9321483", "9811000", "9319466", "8814275"]
    /// Of GB 32100-2015, of the OECD's leaflet on Chinese numbers, of enterprises.
    private static let codes = [
        "91350100M000100Y43", "91110000600037341L", "91110108551385082Q", "9144030071526726XG", "914403001922038216",
    ]

    private static func fault(_ body: () throws -> Void) -> IdentifierError? {
        do {
            try body()
            return nil
        } catch {
            return error as? IdentifierError
        }
    }

    private static func isContainer(_ text: String) -> Bool { fault { _ = try ContainerNumber(text) } == nil }
    private static func isShip(_ text: String) -> Bool { fault { _ = try ShipNumber(text) } == nil }
    private static func isCode(_ text: String) -> Bool { fault { _ = try EnterpriseCode(text) } == nil }

    @Test("Those that others have published are taken, and their check digits come out")
    func published() throws {
        for text in Self.containers {
            #expect(try ContainerNumber(text).text == text)
            #expect(try String(ContainerNumber.checkDigit(of: String(text.dropLast()))) == text.suffix(1))
        }
        for text in Self.ships {
            #expect(try ShipNumber(text).text == text)
            #expect(try String(ShipNumber.checkDigit(of: String(text.dropLast()))) == text.suffix(1))
        }
        for text in Self.codes {
            #expect(try EnterpriseCode(text).text == text)
            #expect(try String(EnterpriseCode.checkCharacter(of: String(text.dropLast()))) == text.suffix(1))
        }
    }

    @Test("Their parts are told")
    func parts() throws {
        let container = try ContainerNumber("CSQU3054383")
        #expect(container.owner == "CSQ" && container.category == "U" && container.serial == "305438")
        let code = try EnterpriseCode("91350100M000100Y43")
        #expect(code.division == "350100" && code.organisation == "M000100Y4")
    }

    @Test("What is wrong is told by a code and the place of the character")
    func errors() {
        let wrong: [(String, IdentifierError.Code, Int?, (String) throws -> Void)] = [
            ("CSQU305438", .length, nil, { _ = try ContainerNumber($0) }),
            ("CSQU30543833", .length, nil, { _ = try ContainerNumber($0) }),
            ("CSQX3054383", .character, 3, { _ = try ContainerNumber($0) }),
            ("csqu3054383", .character, 0, { _ = try ContainerNumber($0) }),
            ("CSQU3054Z83", .character, 8, { _ = try ContainerNumber($0) }),
            ("CSQU305438A", .character, 10, { _ = try ContainerNumber($0) }),
            ("CSQU3054384", .checkDigit, 10, { _ = try ContainerNumber($0) }),
            ("é123456789", .character, 0, { _ = try ContainerNumber($0) }),
            ("CSQU305438", .length, nil, { _ = try ContainerNumber.checkDigit(of: $0 + "3") }),
            ("IMO9074729", .length, nil, { _ = try ShipNumber($0) }),
            ("907472X", .character, 6, { _ = try ShipNumber($0) }),
            ("8814274", .checkDigit, 6, { _ = try ShipNumber($0) }),
            ("91110000600037342L", .checkDigit, 17, { _ = try EnterpriseCode($0) }),
            ("A1110000600037341L", .checkDigit, 17, { _ = try EnterpriseCode($0) }),
            ("91350100I000100Y43", .character, 8, { _ = try EnterpriseCode($0) }),
            ("9135010XM000100Y43", .character, 7, { _ = try EnterpriseCode($0) }),
            ("91350100M000100Y4", .length, nil, { _ = try EnterpriseCode($0) }),
            ("", .length, nil, { _ = try EnterpriseCode($0) }),
        ]
        for (text, code, index, read) in wrong {
            let error = Self.fault { try read(text) }
            #expect(error?.code == code && error?.index == index, "\(text): \(String(describing: error))")
            #expect(error?.reason.isEmpty == false)
        }
    }

    // MARK: What the algorithms promise

    /// A text with each character replaced by each of others, where that changes it.
    private static func changed(_ text: String, to others: String, from first: Int = 0) -> [String] {
        let characters = Array(text)
        return characters.indices.dropFirst(first).flatMap { at in
            others.filter { $0 != characters[at] }.map { other in
                var copy = characters
                copy[at] = other
                return String(copy)
            }
        }
    }

    /// A text with each two neighbours exchanged, where that changes it.
    private static func exchanged(_ text: String, _ range: Range<Int>) -> [String] {
        let characters = Array(text)
        return range.dropLast().compactMap { at in
            guard characters[at] != characters[at + 1] else { return nil }
            var copy = characters
            copy.swapAt(at, at + 1)
            return String(copy)
        }
    }

    private static func text(_ count: Int, of alphabet: String, _ dice: inout Dice) -> String {
        let choices = Array(alphabet)
        return String((0..<count).map { _ in dice.pick(choices) })
    }

    @Test(
        "A container number with one digit changed or two neighbours exchanged is none, unless 10 is written as 0",
        arguments: 1...20)
    func containers(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let body = Self.text(3, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", &dice) + "U" + Self.text(6, of: "0123456789", &dice)
        let number = try body + String(ContainerNumber.checkDigit(of: body))
        let isAmbiguous = try ContainerNumber(number).isAmbiguous
        for other in Self.changed(number, to: "0123456789", from: 4) + Self.exchanged(number, 4..<10) {
            guard let taken = try? ContainerNumber(other) else { continue }
            // One of the two remainders is 10, the other 0.
            #expect(taken.isAmbiguous != isAmbiguous && number.hasSuffix("0"), "seed \(seed): \(number) \(other)")
        }
    }

    @Test(
        "An IMO number with two neighbours exchanged is none, nor with one digit changed, unless its weight hides it",
        arguments: 1...20)
    func ships(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let body = Self.text(6, of: "0123456789", &dice)
        let number = try body + String(ShipNumber.checkDigit(of: body))
        #expect(Self.isShip(number))
        for other in Self.exchanged(number, 0..<6) { #expect(!Self.isShip(other), "seed \(seed): \(number) \(other)") }
        for other in Self.changed(number, to: "0123456789") {
            let difference = zip(number, other).enumerated().reduce(0) { sum, pair in
                let (old, new) = (pair.element.0.wholeNumberValue ?? 0, pair.element.1.wholeNumberValue ?? 0)
                return sum + (pair.offset < 6 ? (new - old) * (7 - pair.offset) : old - new)
            }
            #expect(Self.isShip(other) == (difference % 10 == 0), "seed \(seed): \(number) \(other)")
        }
    }

    @Test("A social credit code with one character changed or two neighbours exchanged is none", arguments: 1...20)
    func enterprises(_ seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        let body =
            Self.text(2, of: alphabet, &dice) + Self.text(6, of: "0123456789", &dice)
            + Self.text(9, of: alphabet, &dice)
        let code = try body + String(EnterpriseCode.checkCharacter(of: body))
        #expect(Self.isCode(code))
        for other in Self.changed(code, to: alphabet) + Self.exchanged(code, 0..<18) {
            #expect(!Self.isCode(other), "seed \(seed): \(code) \(other)")
        }
    }

    @Test("Of numbers by chance, one in eleven, ten or thirty-one is taken")
    func chance() {
        var dice = Dice(seed: 7)
        let count = 20_000
        let ships = (0..<count).count { _ in Self.isShip(Self.text(7, of: "0123456789", &dice)) }
        let containers = (0..<count).count { _ in Self.isContainer("CSQU" + Self.text(7, of: "0123456789", &dice)) }
        let codes = (0..<count).count { _ in
            Self.isCode("91350100" + Self.text(10, of: "0123456789ABCDEFGHJKLMNPQRTUWXY", &dice))
        }
        #expect((1_800...2_200).contains(ships) && (1_800...2_200).contains(containers), "\(ships) \(containers)")
        #expect((550...750).contains(codes), "\(codes)")
    }
}
