import JSON

/// Gathers the values of `const` and `enum` into one array, which is parsed once.
struct ConstantPool {
    private var bytes: [UInt8] = [UInt8(ascii: "[")]
    private(set) var count = 0

    /// Adds a value and returns its ordinal.
    mutating func add(_ value: JSONValue) -> Int {
        if count > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += value.text
        count += 1
        return count - 1
    }

    /// Puts the values into a program. They come from parsed documents, so they are parsed without a fault.
    func finish(_ program: inout Program) {
        let limits = JSONParser.Limits(maximumBytes: 1 << 31, maximumDepth: .max)
        guard let document = try? JSONDocument(parsing: bytes + [UInt8(ascii: "]")], limits: limits) else { return }
        program.constants = document.tape
        program.constantBytes = document.bytes
        program.constantNodes = document.root.elements.map(\.index)
    }
}
