extension WitnessPolicy: CustomStringConvertible {
    /// Reads a policy as it is written, in UTF-8: a line each for logs, witnesses, groups and the quorum.
    ///
    /// - Throws: ``NoteError`` with code `.malformedPolicy`, which names the line.
    public init(_ text: String) throws(NoteError) {
        try self.init(bytes: Array(text.utf8))
    }

    /// Reads a policy from the bytes of its file.
    ///
    /// - Throws: ``NoteError`` with code `.malformedPolicy`, which names the line.
    public init(bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.maximumBytes else {
            throw Self.malformed("A policy has at most \(Self.maximumBytes) bytes.")
        }
        self.init()
        var hasQuorum = false
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            do throws(NoteError) {
                try take(Self.words(of: line), &hasQuorum)
            } catch {
                throw Self.malformed("Line \(number + 1) of the policy: \(error.reason)")
            }
        }
        guard hasQuorum else {
            throw Self.malformed("The policy has no line “quorum”: it says which witness or group must have cosigned.")
        }
    }

    private mutating func take(_ words: [String], _ hasQuorum: inout Bool) throws(NoteError) {
        guard let first = words.first else { return }
        switch (first, words.count) {
        case ("log", 2...3):
            try add(Log(try NoteVerifier(words[1]), url: words.count == 3 ? words[2] : nil))
        case ("witness", 3...4):
            try add(
                Witness(words[1], try CosignatureVerifier(words[2]), url: words.count == 4 ? words[3] : nil))
        case ("group", 4...):
            let members = Array(words[3...])
            try add(Group(words[1], try Self.threshold(words[2], of: members.count), of: members))
        case ("quorum", 2):
            guard !hasQuorum else { throw Self.malformed("There is a quorum already.") }
            try require(words[1] == "none" ? nil : words[1])
            hasQuorum = true
        default:
            throw Self.malformed(
                "It is none of “log KEY [URL]”, “witness NAME KEY [URL]”, “group NAME K MEMBER…”, “quorum NAME”.")
        }
    }

    private static func threshold(_ word: String, of count: Int) throws(NoteError) -> Int {
        switch word {
        case "any": return 1
        case "all": return count
        default:
            guard let number = Checkpoint.decimal(word), let threshold = Int(exactly: number) else {
                throw malformed("“\(word.prefix(20))” is no number of members, nor any, nor all.")
            }
            return threshold
        }
    }

    /// The words of a line; none of one that is empty or a comment. Spaces and tabs stand between words, and nothing else does.
    private static func words(of line: ArraySlice<UInt8>) throws(NoteError) -> [String] {
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw malformed("It holds a control character.")
        }
        let words = line.split { $0 == 0x20 || $0 == 0x09 }
        guard let first = words.first, first.first != UInt8(ascii: "#") else { return [] }
        var result: [String] = []
        for word in words {
            guard let text = String(validating: word, as: UTF8.self) else { throw malformed("It is not UTF-8.") }
            result.append(text)
        }
        return result
    }

    /// The policy as it is written.
    public var description: String {
        func line(_ words: [String?]) -> String { words.compactMap(\.self).joined(separator: " ") + "\n" }
        return logs.map { line(["log", $0.verifier.description, $0.url]) }.joined()
            + witnesses.map { line(["witness", $0.name, $0.verifier.description, $0.url]) }.joined()
            + groups.map { line(["group", $0.name, String($0.threshold)] + $0.members) }.joined()
            + line(["quorum", quorum ?? "none"])
    }
}
