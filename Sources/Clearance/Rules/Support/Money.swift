internal import JSON

/// A sum of money, exact to a ten-thousandth: what rules add up.
struct Money: Sendable, Hashable {
    let currency: String
    /// In ten-thousandths.
    let amount: Int128

    init(_ amount: Int128, _ currency: String) {
        self.amount = amount
        self.currency = currency
    }

    /// - Parameter value: An object with `amount`, a number without exponent, and `currency`.
    /// - Returns: nil if it is none, or more exact, or over 10^24.
    init?(_ value: JSONValue?) {
        guard let value, let currency = value["currency"]?.string,
            let amount = value["amount"].flatMap({ Self.tenThousandths($0.text) })
        else { return nil }
        self.init(amount, currency)
    }

    /// A decimal number as ten-thousandths.
    static func tenThousandths(_ text: some Sequence<UInt8>) -> Int128? {
        var (sum, digits, decimals, isNegative): (Int128, Int, Int?, Bool) = (0, 0, nil, false)
        for (index, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "-") where index == 0: isNegative = true
            case UInt8(ascii: ".") where decimals == nil && digits > 0: decimals = 0
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits < 28, decimals ?? 0 < 4 else { return nil }
                sum = sum * 10 + Int128(byte - UInt8(ascii: "0"))
                digits += 1
                decimals = decimals.map { $0 + 1 }
            default: return nil
            }
        }
        guard digits > 0, decimals != 0 else { return nil }
        for _ in (decimals ?? 0)..<4 { sum *= 10 }
        return isNegative ? -sum : sum
    }

    /// As people write it: `1250.5 CNY`.
    var text: String { "\(number) \(currency)" }

    /// The amount as JSON writes it: `1250.5`.
    private var number: String {
        let (whole, part) = abs(amount).quotientAndRemainder(dividingBy: 10_000)
        var digits = String(part + 10_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(amount < 0 ? "-" : "")\(whole)\(digits.isEmpty ? "" : "." + digits)"
    }

    /// Writes it as a member, as events have it.
    func write(_ name: String, to writer: inout JSONWriter) {
        writer.key(name)
        writer.object { writer in
            writer.key("amount")
            writer.raw(Array(number.utf8))
            writer.member("currency", currency)
        }
    }
}
