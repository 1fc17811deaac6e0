public import EventLog

/// What a view makes of entries: the part of a ``View`` that decides what is in its files.
public struct ViewDefinition: Sendable {
    /// The map step: what one entry says about which objects.
    ///
    /// It must be a function of the entry alone. What it says of an entry before it throws is dropped, and the entry parked.
    public typealias Map =
        @Sendable (_ entry: borrowing ViewEntry, _ facts: inout FactSink) throws(MappingFault) -> Void

    public let name: String
    /// Another version is another view with a folder of its own.
    public let version: Int
    /// Which entries are mapped. Tags of persons stand blinded in the log, and are not found by their plain names.
    public let query: Query
    public let map: Map

    /// - Parameters:
    ///   - name: 1 to 64 of `a`–`z`, `0`–`9` and `-`, beginning with a letter.
    ///   - version: From 1.
    public init(name: String, version: Int, query: Query = .all, map: @escaping Map) {
        self.name = name
        self.version = version
        self.query = query
        self.map = map
    }

    /// The name of its folder.
    public var title: String { "\(name).\(version)" }

    /// - Throws: ``ViewError`` with code `.invalidName`.
    func validate() throws(ViewError) { try Self.validate(name: name, version: version) }

    /// - Throws: ``ViewError`` with code `.invalidName`.
    static func validate(name: String, version: Int) throws(ViewError) {
        let bytes = Array(name.utf8)
        let isName = bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isName, let first = bytes.first, first >= UInt8(ascii: "a"), bytes.count <= ViewLimits.nameBytes,
            version >= 1
        else {
            throw ViewError(
                .invalidName,
                "“\(name.prefix(80))”, version \(version), is no name and version: 1 to \(ViewLimits.nameBytes) of a–z, 0–9 and "
                    + "“-”, a letter first, and a version from 1.")
        }
    }
}
