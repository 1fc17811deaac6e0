internal import LMDB

extension EntryShape {
    /// `type` and `dataschema`, as the first eight bytes of a name, little-endian.
    private static let typeName: UInt64 = 0x6570_7974
    private static let dataschemaName: UInt64 = 0x6568_6373_6174_6164

    /// Goes through the members of the event until type and schema are found, or to its end: as far as they are like those
    /// of entries before by comparing, then by looking at each.
    mutating func findAttributes(_ bytes: Span<UInt8>, _ at: inout Int, _ memory: inout ShapeMemory) -> Bool {
        if memory.isCurious() {
            var found: [(range: Range<Int>, value: Int, role: ShapeMemory.Role)] = []
            guard findAttributes(bytes, &at, { found.append(($0, $1, $2)) }) else { return false }
            if !isEscaped { memory.remember(bytes, agency: Self.agencyStart..<Int(tags.offset), found) }
            return true
        }
        var isLike = !memory.members.isEmpty
        for index in memory.members.indices where isLike {
            isLike = pass(memory.members[index], bytes, &at, memory)
        }
        memory.note(wasMet: isLike)
        return hasBoth || findAttributes(bytes, &at) { _, _, _ in }
    }

    private var hasBoth: Bool { type.length > 0 && dataschema.length > 0 }

    /// Goes past a member that is like one before, but perhaps for its text.
    ///
    /// - Returns: Whether there is one; else nothing was passed.
    @inline(__always)
    private mutating func pass(
        _ member: ShapeMemory.Member, _ bytes: Span<UInt8>, _ at: inout Int, _ memory: borrowing ShapeMemory
    ) -> Bool {
        let start = at
        if memory.isMember(member, in: bytes, at: start) {
            at += member.range.count
            note(Part(start + member.prefix..<max(start + member.prefix, at - 2)), member.role)
            return true
        }
        guard memory.isName(of: member, in: bytes, at: start) else { return false }
        at += member.prefix
        guard let value = text(bytes, &at, marking: member.role != .other), at < bytes.count else {
            at = start
            return false
        }
        note(value, member.role)
        if bytes[at] == UInt8(ascii: ",") { at += 1 }
        return true
    }

    @inline(__always)
    private mutating func note(_ value: Part, _ role: ShapeMemory.Role) {
        switch role {
        case .type: type = value
        case .dataschema: dataschema = value
        case .other: break
        }
    }

    /// Goes through the members from one on.
    ///
    /// - Parameter found: Is told each: where it stands, where its value begins, and which it is.
    @inline(__always)
    private mutating func findAttributes(
        _ bytes: Span<UInt8>, _ at: inout Int, _ found: (Range<Int>, Int, ShapeMemory.Role) -> Void
    ) -> Bool {
        while at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
            let start = at
            at += 1
            guard let key = text(bytes, &at), at + 1 < bytes.count, bytes[at] == UInt8(ascii: ":") else { return false }
            at += 1
            let valueStart = at
            let role = bytes[at] == UInt8(ascii: "\"") ? Self.role(bytes, key) : .other
            if role != .other {
                at += 1
                guard let value = text(bytes, &at) else { return false }
                note(value, role)
            } else {
                guard TextScan.passValue(bytes, &at) else { return false }
            }
            guard at < bytes.count else { return false }
            found(start..<at + 1, valueStart, role)
            if hasBoth { return true }
            if bytes[at] == UInt8(ascii: ",") { at += 1 }
        }
        // A name with escapes may be that of the type.
        return type.length > 0 || isEscaped
    }

    /// Which member a name is of.
    @inline(__always)
    private static func role(_ bytes: Span<UInt8>, _ name: Part) -> ShapeMemory.Role {
        switch word(bytes, name) {
        case typeName: .type
        case dataschemaName where name.length == 10: .dataschema
        default: .other
        }
    }

    /// The text up to the quote that ends it, which is passed.
    ///
    /// - Parameter marking: Whether an escape in it is noted.
    @inline(__always)
    mutating func text(_ bytes: Span<UInt8>, _ at: inout Int, marking: Bool = true) -> Part? {
        let start = at
        while let stop = TextScan.quoteOrEscape(bytes, from: at) {
            guard bytes[stop] != UInt8(ascii: "\\") else {
                if marking { isEscaped = true }
                at = stop + 2
                continue
            }
            at = stop + 1
            return Part(start..<stop)
        }
        return nil
    }

    /// The first eight bytes of a name, little-endian.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ part: Part) -> UInt64 {
        let start = Int(part.offset)
        guard start + 8 <= bytes.count else { return 0 }
        let word = bytes.littleEndianWord(at: start)
        return part.length >= 8 ? word : word & (1 << (UInt64(part.length) * 8) - 1)
    }
}
