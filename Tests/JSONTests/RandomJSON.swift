import JSON
import TestSupport

/// What a JSON text means, apart from how it is written. Members stand in the order of the text.
indirect enum Meaning: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    /// By its UTF-8: Swift's strings are equal if Unicode calls them equivalent.
    case string([UInt8])
    case array([Meaning])
    case object([Member])

    struct Member: Equatable, Sendable {
        let key: [UInt8]
        let value: Meaning
    }

    init(_ value: JSONValue) {
        self =
            switch value.kind {
            case .null: .null
            case .true, .false: .bool(value.bool ?? false)
            case .integer, .number: .number(value.double ?? .nan)
            case .string: .string(Array((value.string ?? "").utf8))
            case .array: .array(value.elements.map(Meaning.init))
            case .object: .object(value.members.map { Member(key: Array($0.key.utf8), value: Meaning($0.value)) })
            }
    }

    /// The same, with members in an order of their own, so that texts can be compared whose order differs.
    var sorted: Meaning {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members):
            .object(
                members.map { Member(key: $0.key, value: $0.value.sorted) }
                    .sorted { $0.key.lexicographicallyPrecedes($1.key) })
        default: self
        }
    }
}

/// Makes up JSON values and writes them in many ways.
struct RandomJSON {
    var dice: Dice

    private static let scalars: [Unicode.Scalar] = [
        "a", "b", "0", " ", "\"", "\\", "/", "\0", "\n", "\u{1F}", "\u{7F}", "\u{80}", "é", "e", "\u{301}", "ß",
        "\u{7FF}", "\u{800}",
        "三", "互", "\u{2028}", "\u{D7FF}", "\u{E000}", "\u{FB33}", "\u{FFFD}", "\u{10000}", "😀",
        "\u{10FFFD}",
    ]

    mutating func meaning(depth: Int = 4) -> Meaning {
        switch dice.below(depth > 0 ? 9 : 6) {
        case 0: .null
        case 1: .bool(dice.oneIn(2))
        case 2: .number(Double(Int64(bitPattern: dice.next()) >> Int64(11 + dice.below(52))))
        case 3: .number(fraction())
        case 4, 5: .string(string())
        case 6: .array((0..<dice.below(6)).map { _ in meaning(depth: depth - 1) })
        default: .object(members(depth: depth))
        }
    }

    /// Any double that the parser takes.
    private mutating func fraction() -> Double {
        while true {
            let number =
                dice.oneIn(2)
                ? Double(bitPattern: dice.next())
                : Double(dice.within(-1_000_000..<1_000_000)) / dice.pick([8, 10, 1000])
            let isHole = number.magnitude > 9_007_199_254_740_991 && number.magnitude < 1e21
            if number.isFinite, !isHole { return number }
        }
    }

    private mutating func string() -> [UInt8] {
        var text = String.UnicodeScalarView()
        for _ in 0..<dice.pick([0, 1, 3, 7, 8, 9, 20]) {
            text.append(dice.oneIn(3) ? "x" : dice.pick(Self.scalars))
        }
        return Array(String(text).utf8)
    }

    private mutating func members(depth: Int) -> [Meaning.Member] {
        var members: [Meaning.Member] = []
        for _ in 0..<dice.pick([0, 1, 2, 5, 40]) {
            let key = string()
            guard !members.contains(where: { $0.key == key }) else { continue }
            members.append(Meaning.Member(key: key, value: meaning(depth: min(depth, 2) - 1)))
        }
        return members
    }

    /// A text of a meaning, with white space and escapes where they may be.
    mutating func text(of meaning: Meaning) -> [UInt8] {
        var bytes: [UInt8] = []
        write(meaning, to: &bytes)
        return bytes
    }

    private mutating func space(_ bytes: inout [UInt8]) {
        while dice.oneIn(4) { bytes.append(dice.pick([0x20, 0x09, 0x0A, 0x0D])) }
    }

    private mutating func write(_ meaning: Meaning, to bytes: inout [UInt8]) {
        space(&bytes)
        switch meaning {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let value):
            // A double's description is JSON: 1.0, 1e-07, 5e-324.
            let exact = Int64(exactly: value).flatMap { value.sign == .minus && $0 == 0 ? nil : $0 }
            bytes += (exact.map { dice.oneIn(3) ? "\($0).0" : String($0) } ?? value.description).utf8
        case .string(let text): write(string: text, to: &bytes)
        case .array(let elements):
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                write(element, to: &bytes)
            }
            space(&bytes)
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                space(&bytes)
                write(string: member.key, to: &bytes)
                space(&bytes)
                bytes.append(0x3A)
                write(member.value, to: &bytes)
            }
            space(&bytes)
            bytes.append(0x7D)
        }
        space(&bytes)
    }

    private mutating func write(string utf8: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
            if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || dice.oneIn(4) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: dice.oneIn(2))
                    bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
                }
            } else {
                bytes += String(scalar).utf8
            }
        }
        bytes.append(0x22)
    }

    /// A text with one to three bytes changed, put in, taken out or repeated.
    mutating func mutated(_ text: [UInt8]) -> [UInt8] {
        var bytes = text
        for _ in 0...dice.below(3) where !bytes.isEmpty {
            let at = dice.below(bytes.count)
            let telling = Array("{}[]\",:\\u0019eE+-.tfn \u{1}".utf8) + [0x80, 0xC2, 0xE2, 0xED, 0xF0, 0xFF]
            switch dice.below(6) {
            case 0: bytes[at] ^= 1 << UInt8(dice.below(8))
            case 1: bytes[at] = dice.pick(telling)
            case 2: bytes.insert(dice.pick(telling), at: at)
            case 3: bytes.remove(at: at)
            case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 8)], at: dice.below(bytes.count))
            default: bytes.removeSubrange(at..<min(bytes.count, at + 1 + dice.below(6)))
            }
        }
        return bytes
    }
}
