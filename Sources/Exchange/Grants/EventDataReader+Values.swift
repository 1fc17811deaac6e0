internal import EventLog
internal import JSON

/// The values of members, each with the key or path it stands at.
extension EventDataReader {
    func pointer(to key: String) -> String {
        path
            + JSONPointer(tokens: key.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
            .description
    }

    func pointer(_ value: JSONValue, _ key: String) throws(ExchangeError) -> String {
        guard let text = value.string, text.utf8.count <= Self.pointerBytes, JSONPointer(text) != nil else {
            throw fault("There must be a JSON Pointer of at most \(Self.pointerBytes) bytes.", at: key)
        }
        return text
    }

    func position(_ value: JSONValue, _ key: String) throws(ExchangeError) -> Position {
        guard let integer = value.integer, integer >= 0 else {
            throw fault("There must be a position: an integer from 0 on.", at: key)
        }
        return Position(integer)
    }

    func range(_ value: JSONValue, _ key: String) throws(ExchangeError) -> ClosedRange<Position> {
        let ends = value.elements
        guard ends.count == 2 else { throw fault("There must be an array of two positions.", at: key) }
        let (first, last) = (try position(ends[0], key), try position(ends[1], key))
        guard first <= last else { throw fault("The first position must not be after the last.", at: key) }
        return first...last
    }

    func text(_ value: JSONValue, _ key: String, atMost bytes: Int) throws(ExchangeError) -> String {
        guard let text = value.string, !text.isEmpty, text.utf8.count <= bytes else {
            throw fault("There must be a text of 1 to \(bytes) bytes.", at: key)
        }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw fault("The text must not hold control characters.", at: key)
        }
        return text
    }

    func code(_ value: JSONValue, _ key: String) throws(ExchangeError) -> String {
        let code = try text(value, key, atMost: Self.codeBytes)
        guard code.utf8.allSatisfy({ isCodeByte($0) }) else {
            throw fault("There must be a code of letters, digits, “.”, “-”, “_”, “:” and “/”.", at: key)
        }
        return code
    }

    func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        // From “-” to “:” there are “-”, “.”, “/”, the digits and “:”.
        case UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "_"): true
        default: false
        }
    }

    func word<Word: RawRepresentable & CaseIterable>(
        _ value: JSONValue, _ key: String
    ) throws(ExchangeError) -> Word where Word.RawValue == String {
        guard let word = value.string.flatMap(Word.init(rawValue:)) else {
            let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("There must be one of: \(known).", at: key)
        }
        return word
    }

    func list<Element: Hashable>(
        _ key: String, atMost count: Int, _ read: (JSONValue, String) throws(ExchangeError) -> Element
    ) throws(ExchangeError) -> [Element]? {
        guard let list = try elements(key, atMost: count, read) else { return nil }
        guard Set(list).count == list.count else { throw fault("An element is there twice.", at: key) }
        return list
    }

    func elements<Element>(
        _ key: String, atMost count: Int, _ read: (JSONValue, String) throws(ExchangeError) -> Element
    ) throws(ExchangeError) -> [Element]? {
        guard let value = object[key] else { return nil }
        let elements = value.elements
        guard value.kind == .array, (1...count).contains(elements.count) else {
            throw fault("There must be an array of 1 to \(count) elements.", at: key)
        }
        var result: [Element] = []
        for (index, element) in elements.enumerated() {
            result.append(try read(element, "\(key)/\(index)"))
        }
        return result
    }
}
