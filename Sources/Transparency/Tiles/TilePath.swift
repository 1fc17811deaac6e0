/// Where a piece of the tree is found: 256 hashes of a level, or 256 entries; fewer at the right edge.
///
/// Source: C2SP tlog-tiles. Written `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, all but the
/// last with an `x` before them.
public struct TilePath: Hashable, Sendable, CustomStringConvertible {
    /// How many hashes a full tile has.
    public static let fullWidth = 256
    /// How many levels of the tree a tile spans.
    public static let height = 8

    /// What a tile holds.
    public enum Content: Hashable, Sendable {
        /// Hashes of subtrees of 256^level leaves.
        case hashes(level: Int)
        /// The entries themselves, each after its length in two bytes.
        case entries
    }

    public let content: Content
    public let index: UInt64
    /// 1 to 256.
    public let width: Int

    /// - Returns: nil if the level is not 0 to 63 or the width not 1 to 256.
    public init?(_ content: Content, index: UInt64, width: Int = fullWidth) {
        if case .hashes(let level) = content, !(0...63).contains(level) { return nil }
        guard (1...Self.fullWidth).contains(width) else { return nil }
        self.content = content
        self.index = index
        self.width = width
    }

    /// Reads a path as it is written.
    public init?(_ text: String) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard parts.popFirst() == "tile", let what = parts.popFirst() else { return nil }
        var width = Self.fullWidth
        if parts.count >= 2, let partial = parts.dropLast().last, partial.hasSuffix(".p"),
            let last = parts.popLast(), let value = Checkpoint.decimal(last), (1...255).contains(value)
        {
            width = Int(value)
            parts[parts.endIndex - 1] = partial.dropLast(2)
        }
        var index: UInt64 = 0
        for (place, part) in parts.enumerated() {
            let isLast = place == parts.count - 1
            let digits = isLast ? part : part.dropFirst()
            guard isLast || part.first == "x", digits.utf8.count == 3,
                digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = UInt64(digits)
            else { return nil }
            let (high, overflow) = index.multipliedReportingOverflow(by: 1000)
            let (sum, carry) = high.addingReportingOverflow(value)
            guard !overflow, !carry, !(parts.count > 1 && place == 0 && value == 0) else { return nil }
            index = sum
        }
        guard !parts.isEmpty else { return nil }
        if what == "entries" {
            self.init(.entries, index: index, width: width)
        } else {
            guard let level = Checkpoint.decimal(what), level < 64 else { return nil }
            self.init(.hashes(level: Int(level)), index: index, width: width)
        }
    }

    public var description: String {
        let what =
            switch content {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            groups.append((groups.isEmpty ? "" : "x") + String(repeating: "0", count: 3 - digits.count) + digits)
            rest /= 1000
        } while rest > 0
        let partial = width == Self.fullWidth ? "" : ".p/\(width)"
        return "tile/\(what)/\(groups.reversed().joined(separator: "/"))\(partial)"
    }
}
