internal import Foundation

/// Which file stands under a name: two that were made one after the other differ, though they have the same name.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// Returns nil if there is no file that can be looked at.
    init?(path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let device = attributes[.systemNumber] as? NSNumber,
            let inode = attributes[.systemFileNumber] as? NSNumber
        else { return nil }
        self.device = device.uint64Value
        self.inode = inode.uint64Value
    }
}
