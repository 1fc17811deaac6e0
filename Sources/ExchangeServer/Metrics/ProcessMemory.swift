internal import Foundation

/// What the operating system says of this process.
enum ProcessMemory {
    /// Bytes of memory that it holds; 0 if that cannot be told.
    static var resident: Int {
        guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return 0 }
        let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * pageBytes : 0
    }

    private static let pageBytes = sysconf(Int32(_SC_PAGESIZE))
}
