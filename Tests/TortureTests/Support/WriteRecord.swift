import TestSupport

/// What a process did to a file, in order: what it wrote where, and when it asked for it to be durable.
struct WriteRecord {
    /// One step.
    enum Step {
        case write(offset: Int, bytes: [UInt8])
        /// All that was written before is durable.
        case sync
    }

    /// How many bytes a disk writes whole or not at all.
    private static let sectorBytes = 512
    /// LMDB's two root pages, written through a descriptor that makes each write durable by itself.
    private static let rootBytes = 2 * DamagedFile.pageBytes

    private(set) var steps: [Step] = []
    /// The step after which each commit was durable: from then on it may have been acknowledged.
    private(set) var commits: [Int] = []

    /// - Parameter lines: Lines of strace, with all bytes in hexadecimal digits.
    init(_ lines: [String]) throws {
        var offset = 0
        for line in lines {
            let bytes = Array(line.utf8)
            guard let open = bytes.firstIndex(of: UInt8(ascii: "(")), let start = bytes.firstIndex(of: 0x20),
                start < open
            else { continue }
            let call = String(decoding: bytes[start..<open], as: UTF8.self).trimmingPrefix { $0 == " " }
            let written = Self.strings(in: bytes[open...])
            switch call {
            case "lseek":
                offset = Self.numbers(after: bytes[open...]).first ?? 0
            case "writev", "write":
                for part in written {
                    add(offset, part)
                    offset += part.count
                }
            case "pwrite64", "pwritev":
                guard var place = Self.numbers(after: bytes[open...]).last else {
                    throw TortureFailure("strace printed no offset: \(line.suffix(100))")
                }
                for part in written {
                    add(place, part)
                    place += part.count
                }
            case "fdatasync", "fsync", "msync": steps.append(.sync)
            default: throw TortureFailure("the file was changed by \(call), which this test does not know")
            }
        }
    }

    private mutating func add(_ offset: Int, _ bytes: [UInt8]) {
        steps.append(.write(offset: offset, bytes: bytes))
        guard offset < Self.rootBytes else { return }
        steps.append(.sync)
        commits.append(steps.count)
    }

    /// The bytes of the quoted strings, but for the names of files behind descriptors.
    private static func strings(in line: ArraySlice<UInt8>) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var at = line.startIndex
        while let start = line[at...].firstIndex(of: 0x22), let end = line[(start + 1)...].firstIndex(of: 0x22) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity((end - start) / 4)
            // \xHH
            var digit = start + 3
            while digit + 1 < end {
                bytes.append(value(line[digit]) << 4 | value(line[digit + 1]))
                digit += 4
            }
            result.append(bytes)
            at = end + 1
        }
        return result
    }

    private static func value(_ digit: UInt8) -> UInt8 { digit <= 0x39 ? digit - 0x30 : digit - 0x57 }

    /// The numbers between the last string, or the first argument, and the closing parenthesis.
    private static func numbers(after line: ArraySlice<UInt8>) -> [Int] {
        let start = (line.lastIndex(of: 0x22) ?? line.firstIndex(of: 0x2C) ?? line.startIndex)
        let tail = line[start...].prefix { $0 != UInt8(ascii: ")") && $0 != UInt8(ascii: "<") }
        return tail.split(separator: 0x2C).compactMap { part in
            Int(String(decoding: part.filter { $0 != 0x20 && $0 != 0x22 }, as: UTF8.self))
        }
    }

    /// The file as a power cut may leave it: what was made durable is there; of what was only written, each sector may be
    /// or not.
    ///
    /// - Parameter count: How many steps were done before the cut.
    func image(of base: [UInt8], cutAfter count: Int, _ dice: inout Dice) -> [UInt8] {
        var image = base
        let durable = steps[..<count].lastIndex { if case .sync = $0 { true } else { false } } ?? 0
        for (number, step) in steps[..<count].enumerated() {
            guard case .write(let offset, let bytes) = step else { continue }
            if number < durable || dice.oneIn(3) {
                Self.put(bytes[...], at: offset, in: &image)
            } else if dice.oneIn(2) {
                for start in stride(from: 0, to: bytes.count, by: Self.sectorBytes) where dice.oneIn(2) {
                    let sector = bytes[start..<min(bytes.count, start + Self.sectorBytes)]
                    Self.put(sector, at: offset + start, in: &image)
                }
            }
        }
        return image
    }

    private static func put(_ bytes: ArraySlice<UInt8>, at offset: Int, in image: inout [UInt8]) {
        if image.count < offset + bytes.count {
            image += [UInt8](repeating: 0, count: offset + bytes.count - image.count)
        }
        image.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
}
