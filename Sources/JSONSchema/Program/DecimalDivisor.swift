/// The number of `multipleOf`, kept as the decimal it is written as: a mantissa times a power of ten.
///
/// So 0.01 divides 0.29, which their doubles would deny, and a number of any size is divided exactly.
struct DecimalDivisor: Sendable {
    /// The most digits of the mantissa.
    static let maximumDigits = 18

    let mantissa: UInt64
    let exponent: Int

    /// - Returns: nil if the number is not above 0 or has too many digits.
    init?(_ text: Span<UInt8>) {
        let decimal = DecimalScan(text)
        guard decimal.count > 0, decimal.count <= Self.maximumDigits, !decimal.isNegative else { return nil }
        mantissa = decimal.remainder(text, dividedBy: .max)
        exponent = decimal.exponent
    }

    /// Whether a number, given as JSON writes it, is a multiple.
    ///
    /// - Complexity: O(*n*) in its digits.
    func divides(_ text: Span<UInt8>) -> Bool {
        let decimal = DecimalScan(text)
        guard decimal.count > 0 else { return true }
        // The last digit is not 0, so the number is no multiple of a higher power of ten.
        guard decimal.exponent >= exponent else { return false }
        let remainder = decimal.remainder(text, dividedBy: mantissa)
        return product(remainder, power(decimal.exponent - exponent)) == 0
    }

    private func product(_ left: UInt64, _ right: UInt64) -> UInt64 {
        mantissa.dividingFullWidth((left % mantissa).multipliedFullWidth(by: right % mantissa)).remainder
    }

    /// 10 to a power, modulo the mantissa.
    private func power(_ exponent: Int) -> UInt64 {
        var result: UInt64 = 1
        var square: UInt64 = 10
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, square) }
            square = product(square, square)
            rest >>= 1
        }
        return result
    }
}
