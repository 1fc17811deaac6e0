import Foundation
import TestSupport

/// The bytes of a file, to be damaged.
struct DamagedFile {
    /// How many bytes a page of LMDB has.
    static let pageBytes = 4_096

    private(set) var bytes: [UInt8]

    init(of path: String) throws {
        bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    var pages: Int { bytes.count / Self.pageBytes }

    /// Where some bytes stand in the file; also in pages that are not in use any more.
    func places(of pattern: [UInt8]) -> [Int] {
        var found: [Int] = []
        let file = Data(bytes)
        var start = file.startIndex
        while let hit = file.range(of: Data(pattern), in: start..<file.endIndex) {
            found.append(hit.lowerBound)
            start = hit.lowerBound + 1
        }
        return found
    }

    /// Changes a byte: one bit of it, or all.
    mutating func flip(at offset: Int, _ dice: inout Dice) {
        bytes[offset] ^= dice.oneIn(4) ? 0xFF : 1 << UInt8(dice.below(8))
    }

    /// Changes the same byte of each copy of something in the file.
    mutating func flip(at places: [Int], plus offset: Int, _ dice: inout Dice) {
        let mask: UInt8 = dice.oneIn(4) ? 0xFF : 1 << UInt8(dice.below(8))
        for place in places { bytes[place + offset] ^= mask }
    }

    /// Cuts the file off.
    mutating func truncate(to count: Int) {
        bytes.removeLast(bytes.count - count)
    }

    /// Replaces a page by zeros, or by a page of another file or place.
    mutating func replace(page: Int, by other: [UInt8]?) {
        let start = page * Self.pageBytes
        let replacement = other ?? [UInt8](repeating: 0, count: Self.pageBytes)
        bytes.replaceSubrange(start..<start + Self.pageBytes, with: replacement)
    }

    /// The bytes of a page.
    func page(_ page: Int) -> [UInt8] { Array(bytes[page * Self.pageBytes..<(page + 1) * Self.pageBytes]) }

    func write(to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}
