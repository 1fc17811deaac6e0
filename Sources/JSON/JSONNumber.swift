/// The grammar and the range of numbers: RFC 8259, narrowed to what every reader understands alike (I-JSON, RFC 7493).
///
/// A number written as an integer must lie within ±(2^53−1). One with a fraction or an exponent must be finite as a
/// double, and must not be one that the canonical form writes as an integer beyond ±(2^53−1): so what is accepted has a
/// canonical form that is accepted.
package enum JSONNumber {
    /// The largest integer that every reader of JSON keeps exactly: 2^53 − 1.
    package static let largestInteger: UInt64 = (1 << 53) - 1

    /// What is wrong with bytes as a number, or nil if they are one.
    package static func fault(in bytes: Span<UInt8>) -> JSONError.Code? {
        switch scan(bytes, from: 0) {
        case .number(let end, _): end == bytes.count ? nil : .invalidNumber
        case .fault(let code, _): code
        }
    }

    enum Scan {
        /// Where the number ends, and whether it is written as an integer.
        case number(end: Int, isInteger: Bool)
        case fault(JSONError.Code, offset: Int)
    }

    /// Scans the number that starts at an offset.
    static func scan(_ bytes: Span<UInt8>, from start: Int) -> Scan {
        let count = bytes.count
        var at = start
        if at < count, bytes[at] == UInt8(ascii: "-") { at += 1 }
        let firstDigit = at
        var magnitude: UInt64 = 0
        while at < count, let digit = digit(bytes[at]) {
            if at - firstDigit < 17 { magnitude = magnitude &* 10 &+ digit }
            at += 1
        }
        let digits = at - firstDigit
        guard digits > 0 else { return .fault(.invalidNumber, offset: at) }
        guard digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            return .fault(.invalidNumber, offset: firstDigit)
        }
        var isInteger = true
        var hasExponent = false
        if at < count, bytes[at] == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            let fraction = at
            while at < count, digit(bytes[at]) != nil { at += 1 }
            guard at > fraction else { return .fault(.invalidNumber, offset: at) }
        }
        if at < count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            hasExponent = true
            at += 1
            if at < count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            let exponent = at
            while at < count, digit(bytes[at]) != nil { at += 1 }
            guard at > exponent else { return .fault(.invalidNumber, offset: at) }
        }
        if isInteger {
            guard digits <= 16, magnitude <= largestInteger else {
                return .fault(.numberOutOfRange, offset: start)
            }
        } else if hasExponent || digits > 15, !isInRange(bytes, from: start, to: at) {
            return .fault(.numberOutOfRange, offset: start)
        }
        return .number(end: at, isInteger: isInteger)
    }

    private static func digit(_ byte: UInt8) -> UInt64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }

    /// Whether a number with a fraction or an exponent is finite and canonically no integer beyond the largest.
    private static func isInRange(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Bool {
        guard let magnitude = double(bytes, from: start, to: end)?.magnitude, magnitude.isFinite else { return false }
        return magnitude <= Double(largestInteger) || magnitude >= 1e21
    }

    /// The double nearest to the number.
    static func double(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double? {
        var text = ""
        text.reserveCapacity(end - start)
        for at in start..<end { text.unicodeScalars.append(Unicode.Scalar(bytes[at])) }
        return Double(text)
    }
}
