internal import EventLog
internal import Foundation
internal import JSON

/// The file that says of a folder that a ledger is being founded in it, and by whom: one line of JSON, by whose content
/// it is known. A file of that name that says something else is another's.
struct FoundingMark {
    static let name = "founding"
    /// What is there if writing it is cut off.
    static let unfinishedName = name + ".new"
    private static let format: Int64 = 1
    private static let purpose = "sanhu/founding"

    let path: String

    /// - Parameter folder: That of the ledger.
    init(in folder: String) {
        path = folder + "/" + Self.name
    }

    /// Whether there is a file of its name.
    var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Whether there is one that says what a mark says.
    var isGenuine: Bool {
        guard let bytes = try? DurableFile.read(path), let root = try? JSONDocument(parsing: bytes).root else {
            return false
        }
        return root["mark"]?.string == Self.purpose && root["format"]?.integer == Self.format
    }

    /// Writes it, durable on return.
    func write() throws(LogError) {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("mark", Self.purpose)
            writer.member("format", Self.format)
            WriterLock.writeHolder(to: &writer)
        }
        writer.endLine()
        try DurableFile.write(writer.bytes, to: path)
    }
}
