/// The order a person expects of file names: runs of digits compare as numbers, so `2_X` comes before `10_X`.
enum NaturalOrder {
    /// Whether one text comes before another.
    ///
    /// - Complexity: O(*n*) in the length of the texts.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        var i = 0
        var j = 0
        while i < a.count, j < b.count {
            if isDigit(a[i]), isDigit(b[j]) {
                let first = number(in: a, at: &i)
                let second = number(in: b, at: &j)
                if first.count != second.count { return first.count < second.count }
                if !first.elementsEqual(second) { return first.lexicographicallyPrecedes(second) }
            } else {
                if a[i] != b[j] { return a[i] < b[j] }
                i += 1
                j += 1
            }
        }
        if (i < a.count) != (j < b.count) { return j < b.count }
        // Equal but for leading zeros: the bytes decide, so that the order is total.
        return a.lexicographicallyPrecedes(b)
    }

    /// A run of digits without its leading zeros.
    private static func number(in bytes: [UInt8], at index: inout Int) -> ArraySlice<UInt8> {
        let start = index
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        return bytes[start..<index].drop { $0 == UInt8(ascii: "0") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
