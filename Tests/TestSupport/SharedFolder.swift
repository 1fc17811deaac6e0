public import Foundation

/// The folder of test vectors and samples that lies beside the project and is not part of it: `SANHU_SHARED`, or
/// `../shared` from where the tests run.
///
/// Tests that need it are enabled only where it is: `.enabled(if: SharedFolder.has("vectors/jcs"), "…")`.
public enum SharedFolder {
    /// Where the folder would be.
    public static let url = URL(
        fileURLWithPath: ProcessInfo.processInfo.environment["SANHU_SHARED"] ?? "../shared", isDirectory: true)

    /// Whether something is there, by its path inside the folder.
    public static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appendingPathComponent(path).path)
    }

    /// The bytes of a file, by its path inside the folder.
    public static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: url.appendingPathComponent(path)))
    }

    /// The paths, inside the folder and sorted, of all files below one of its folders whose names end in a given way.
    public static func files(under path: String, suffix: String) throws -> [String] {
        let root = url.appendingPathComponent(path).path
        return try FileManager.default.subpathsOfDirectory(atPath: root)
            .filter { $0.hasSuffix(suffix) }.sorted().map { path + "/" + $0 }
    }
}
