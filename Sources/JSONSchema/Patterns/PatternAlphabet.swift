/// The classes of characters that a program tells apart: two characters of one class are in the same of its sets.
struct PatternAlphabet: Sendable {
    /// The most classes.
    static let maximumClasses = 255

    /// The class of each ASCII character.
    private(set) var ascii: [UInt8] = []
    /// Where, among all scalars, the class changes, from 0 on, and to which.
    private(set) var starts: [UInt32] = []
    private(set) var startClasses: [UInt8] = []
    /// How many classes there are.
    private(set) var count = 0
    /// For each set of the program, whether it holds each class.
    private(set) var members: [[Bool]] = []
    /// Whether the characters of a class are those of `\w`; all false if the program does not ask.
    private(set) var isWord: [Bool] = []

    /// - Throws: ``PatternError`` with code `.tooLarge`.
    init(_ program: PatternProgram) throws(PatternError) {
        let sets = program.sets + (program.asksForWords ? [.word] : [])
        var cuts: Set<UInt32> = [0]
        for range in sets.flatMap(\.ranges) {
            cuts.insert(range.lowerBound)
            if range.upperBound < ScalarSet.largest { cuts.insert(range.upperBound + 1) }
        }
        var classes: [[Bool]: UInt8] = [:]
        var signatures: [[Bool]] = []
        for cut in cuts.sorted() {
            let signature = sets.map { $0.contains(cut) }
            let known = classes[signature]
            guard known != nil || signatures.count < Self.maximumClasses else {
                throw PatternError(.tooLarge, "more than \(Self.maximumClasses) kinds of characters", at: 0)
            }
            if known == nil { signatures.append(signature) }
            let index = known ?? UInt8(signatures.count - 1)
            classes[signature] = index
            starts.append(cut)
            startClasses.append(index)
        }
        count = signatures.count
        members = sets.indices.map { set in signatures.map { $0[set] } }
        isWord = program.asksForWords ? members[sets.count - 1] : signatures.map { _ in false }
        ascii = (0..<128).map { search($0) }
    }

    /// The class of any scalar.
    ///
    /// - Complexity: O(log *n*) in the number of places where the class changes.
    private func search(_ scalar: UInt32) -> UInt8 {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= scalar { low = middle } else { high = middle }
        }
        return startClasses[low]
    }

    /// The class of the character that starts at an offset of valid UTF-8; moves past it.
    @inline(__always)
    func next(_ bytes: Span<UInt8>, _ at: inout Int) -> Int {
        let lead = bytes[at]
        if lead < 0x80 {
            at += 1
            return Int(ascii[Int(lead)])
        }
        return Int(search(UTF8Text.scalar(bytes, &at)))
    }
}
