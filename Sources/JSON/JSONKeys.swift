/// Comparing the keys of an object.
enum JSONKeys {
    /// Whether an object has a key already, before the key itself; keys with escapes are passed over.
    ///
    /// - Complexity: O(*k*) in the number of keys before.
    static func isKnown(
        _ key: Int, ofObjectAt object: Int, _ nodes: Span<JSONTape.Node>, _ bytes: Span<UInt8>
    ) -> Bool {
        let new = nodes[key]
        var at = object + 1
        while at < key {
            let old = nodes[at]
            if old.length == new.length, !old.isEscaped,
                (0..<Int(new.length)).allSatisfy({ bytes[Int(old.offset) + $0] == bytes[Int(new.offset) + $0] })
            {
                return true
            }
            at = Int(nodes[at + 1].end)
        }
        return false
    }

    /// The offset of the first key that the object has already, or nil.
    ///
    /// - Complexity: O(*k* log *k*) in the number of keys.
    static func firstDuplicate(
        ofObjectAt object: Int, _ nodes: Span<JSONTape.Node>, _ bytes: Span<UInt8>
    ) -> Int? {
        var keys: [(text: [UInt8], offset: Int)] = []
        var at = object + 1
        let end = Int(nodes[object].end)
        while at < end {
            keys.append((nodes[at].decodedBytes(in: bytes), Int(nodes[at].offset) - 1))
            at = Int(nodes[at + 1].end)
        }
        keys.sort { $0.text == $1.text ? $0.offset < $1.offset : $0.text.lexicographicallyPrecedes($1.text) }
        var first: Int?
        for index in keys.indices.dropFirst() where keys[index].text == keys[index - 1].text {
            first = min(first ?? .max, keys[index].offset)
        }
        return first
    }
}
