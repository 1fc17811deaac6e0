/// A file an importer has found: where it is, how large, and what keeps it from being read, if anything does.
struct SourceFile: Hashable, Sendable {
    /// The path, below the path that was given.
    let path: String

    let size: Int64

    /// Why it cannot be read: not there, no ordinary file, too large.
    var obstacle: String?

    init(path: String, size: Int64, obstacle: String? = nil) {
        self.path = path
        self.size = size
        self.obstacle = obstacle
    }
}
