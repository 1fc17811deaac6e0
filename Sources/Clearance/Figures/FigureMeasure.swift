/// What samples add up to.
public struct FigureMeasure: Sendable, Hashable {
    /// How many samples there are; of a ratio, what it is a part of.
    public private(set) var count: Int64 = 0
    /// How many of them count as a yes; of a ratio, the part.
    public private(set) var hits: Int64 = 0
    /// Of a distribution, how often each value came.
    public private(set) var values: [Int64: Int64] = [:]

    mutating func add(_ isHit: Bool) {
        count += 1
        if isHit { hits += 1 }
    }

    mutating func add(_ part: Int64, of whole: Int64) {
        hits += part
        count += whole
    }

    mutating func add(_ value: Int64) {
        count += 1
        values[value, default: 0] += 1
    }

    mutating func add(_ other: FigureMeasure) {
        count += other.count
        hits += other.hits
        for (value, times) in other.values { values[value, default: 0] += times }
    }

    /// Of all values.
    public var sum: Int64 { values.reduce(0) { $0 + $1.key * $1.value } }

    /// How many samples stand behind it; of a ratio that is not known.
    var isEmpty: Bool { count == 0 }

    /// Percentiles by the nearest rank: the least value that at least that many percent of all do not exceed.
    ///
    /// - Parameter percents: From 1 to 100.
    /// - Complexity: O(*n* log *n*) in the different values.
    public func percentiles(_ percents: [Int64]) -> [Int64] {
        guard count > 0 else { return [] }
        let sorted = values.sorted { $0.key < $1.key }
        return percents.map { percent in
            let rank = max(1, (percent * count + 99) / 100)
            var below: Int64 = 0
            for (value, times) in sorted {
                below += times
                if below >= rank { return value }
            }
            return sorted.last?.key ?? 0
        }
    }

    public var least: Int64? { values.keys.min() }
    public var most: Int64? { values.keys.max() }

    /// A fraction as a decimal number with some digits after the point, rounded half away from zero.
    static func decimal(_ part: Int64, over whole: Int64, digits: Int) -> String {
        guard whole != 0 else { return "0" }
        var scale: Int128 = 1
        for _ in 0..<digits { scale *= 10 }
        let (a, b) = (Int128(part) * scale * 2, Int128(whole))
        let isNegative = (a < 0) != (b < 0) && a != 0
        let rounded = (abs(a) + abs(b)) / (2 * abs(b))
        let (whole, rest) = rounded.quotientAndRemainder(dividingBy: scale)
        var text = String(rest + scale).dropFirst()
        while text.last == "0" { text.removeLast() }
        return (isNegative && rounded > 0 ? "-" : "") + "\(whole)" + (text.isEmpty ? "" : "." + text)
    }

    /// The mean of the values, to a thousandth.
    public var mean: String { Self.decimal(sum, over: count, digits: 3) }

    /// Hits over count, to a ten-thousandth.
    public var share: String { Self.decimal(hits, over: count, digits: 4) }
}
