internal import JSON

/// The names that an object has, so that what is disclosed in it takes none of them (RFC 9901, section 7.1, step
/// 3.3.2.3).
struct TakenNames {
    private static let comparedAtOnce = 16

    private let object: Int
    /// The names that were disclosed; all names of the object, if many are to be disclosed.
    private var names: [[UInt8]] = []
    private var allNames: Set<[UInt8]>?

    init(ofObjectAt object: Int, in document: JSONDocument, disclosing count: Int) {
        self.object = object
        guard count > Self.comparedAtOnce else { return }
        var all: Set<[UInt8]> = []
        var key = object + 1
        while key < Int(document.tape.nodes[object].end) {
            all.insert(document.tape.decodedBytes(at: key, in: document.bytes.span))
            key = Int(document.tape.nodes[key + 1].end)
        }
        allNames = all
    }

    /// Takes a name.
    ///
    /// - Returns: Whether it was free.
    mutating func take(_ name: [UInt8], in document: JSONDocument) -> Bool {
        if allNames != nil { return allNames?.insert(name).inserted ?? false }
        guard document.tape.member(name, ofObjectAt: object, in: document.bytes.span) == nil, !names.contains(name)
        else { return false }
        names.append(name)
        return true
    }
}
