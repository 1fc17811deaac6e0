import Foundation

/// A folder of the test's own. All of them are removed when the tests have run.
struct Folder {
    private static let root: String = {
        let path = NSTemporaryDirectory() + "interchange-" + UUID().uuidString
        atexit { Folder.removeAll() }
        return path
    }()

    private static func removeAll() {
        try? FileManager.default.removeItem(atPath: root)
    }

    let path: String

    init() throws {
        path = Self.root + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Writes a file below the folder and gives its path.
    @discardableResult
    func write(_ content: String, to name: String) throws -> String {
        let file = path + "/" + name
        let parent = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try Data(content.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
