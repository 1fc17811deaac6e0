internal import LMDB

/// Numbers byte strings in the order in which they first come: a hash table over one flat buffer, without an allocation for
/// each.
struct ByteTable: Sendable {
    private struct Slot {
        let offset: UInt32
        let length: UInt32
        let hash: UInt64
    }

    private var bytes: [UInt8] = []
    private var slots: [Slot] = []
    /// Number + 1 of the slot at each place, 0 for none; twice as many places as slots at least.
    private var places: [UInt32]
    private var mask: UInt64
    /// Names come from outside: nobody shall choose those that meet.
    private let seed = UInt64.random(in: 1 ... .max)

    private static let leastPlaces = 256

    init() {
        places = [UInt32](repeating: 0, count: Self.leastPlaces)
        mask = UInt64(Self.leastPlaces - 1)
    }

    /// How many strings there are.
    var count: Int { slots.count }
    /// How many bytes of memory they take, about.
    var byteCount: Int { bytes.count + slots.count * 24 }

    /// The number of a string, which is taken in if it is new.
    ///
    /// - Complexity: O(*n*) in its bytes.
    mutating func number(of key: Span<UInt8>) -> Int {
        let hash = Self.hash(key, seed)
        var place = hash & mask
        while true {
            let found = places[Int(place)]
            guard found != 0 else { break }
            let slot = slots[Int(found) - 1]
            if slot.hash == hash, slot.length == UInt32(truncatingIfNeeded: key.count),
                bytes.span.extracting(Int(slot.offset)..<Int(slot.offset + slot.length)).isEqual(to: key)
            {
                return Int(found) - 1
            }
            place = (place + 1) & mask
        }
        slots.append(
            Slot(
                offset: UInt32(truncatingIfNeeded: bytes.count), length: UInt32(truncatingIfNeeded: key.count),
                hash: hash))
        bytes.append(copying: key)
        places[Int(place)] = UInt32(truncatingIfNeeded: slots.count)
        if slots.count * 2 > places.count { grow() }
        return slots.count - 1
    }

    /// The string with a number.
    subscript(number: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let slot = slots[number]
            return bytes.span.extracting(Int(slot.offset)..<Int(slot.offset + slot.length))
        }
    }

    /// The numbers in the order of their strings' bytes.
    ///
    /// - Complexity: O(*n* log *n*).
    func sorted(_ numbers: some Sequence<UInt32>) -> [UInt32] {
        numbers.sorted { isOrdered(Int($0), before: Int($1)) }
    }

    private func isOrdered(_ first: Int, before second: Int) -> Bool {
        ByteOrder.isOrdered(self[first], before: self[second])
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        slots.removeAll(keepingCapacity: true)
        for place in places.indices { places[place] = 0 }
    }

    private mutating func grow() {
        places = [UInt32](repeating: 0, count: places.count * 4)
        mask = UInt64(places.count - 1)
        for (number, slot) in slots.enumerated() {
            var place = slot.hash & mask
            while places[Int(place)] != 0 { place = (place + 1) & mask }
            places[Int(place)] = UInt32(truncatingIfNeeded: number + 1)
        }
    }

    @inline(__always)
    private static func hash(_ key: Span<UInt8>, _ seed: UInt64) -> UInt64 {
        var hash = seed ^ UInt64(key.count)
        var at = 0
        while at + 8 <= key.count {
            hash = mixed(hash ^ key.littleEndianWord(at: at))
            at += 8
        }
        var rest: UInt64 = 0
        while at < key.count {
            rest = rest << 8 | UInt64(key[at])
            at += 1
        }
        return mixed(hash ^ rest)
    }

    /// The two halves of a product, one over the other, by an odd constant of well-spread bits.
    @inline(__always)
    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low ^ word
    }
}

/// The order of keys in a database.
enum ByteOrder {
    /// Whether bytes come before others: by the first byte that differs, then the shorter ones.
    @inline(__always)
    static func isOrdered(_ first: Span<UInt8>, before second: Span<UInt8>) -> Bool { compare(first, second) < 0 }

    /// Less than 0 if bytes come before others, 0 if they are the same, more if they come after.
    @inline(__always)
    static func compare(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Int {
        let common = min(first.count, second.count)
        var at = 0
        while at + 8 <= common {
            let (left, right) = (first.littleEndianWord(at: at), second.littleEndianWord(at: at))
            if left != right { return left.byteSwapped < right.byteSwapped ? -1 : 1 }
            at += 8
        }
        while at < common {
            if first[at] != second[at] { return Int(first[at]) - Int(second[at]) }
            at += 1
        }
        return first.count - second.count
    }
}
