internal import EventLog
internal import Foundation
internal import Glibc
internal import LMDB

/// Copies folders of environments and of small files while others write them.
enum EnvironmentCopy {
    /// Replaces a copy by a new one, durable. Until that is whole the old one stays.
    ///
    /// - Parameter source: A folder of files and environments; what is not there is copied as an empty folder.
    static func replace(_ source: String, at target: String) throws(SnapshotError) {
        let (fresh, old) = (target + ".new", target + ".old")
        for leftover in [fresh, old] { try? FileManager.default.removeItem(atPath: leftover) }
        try copy(source, to: fresh)
        if access(target, F_OK) == 0, rename(target, old) != 0 {
            throw SnapshotError(errno: errno, "rename \(target) to \(old)")
        }
        guard rename(fresh, target) == 0 else { throw SnapshotError(errno: errno, "rename \(fresh) to \(target)") }
        do throws(LogError) {
            try DurableFile.sync(folder: OwnedPath.parent(of: target))
        } catch {
            throw SnapshotError(error, "sync the folder of \(target)")
        }
        try? FileManager.default.removeItem(atPath: old)
    }

    /// Copies a folder with all that is in it.
    static func copy(_ source: String, to target: String) throws(SnapshotError) {
        do throws(LogError) {
            try DurableFile.makeFolder(target)
        } catch {
            throw SnapshotError(error, "make the folder \(target)")
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: source)) ?? []
        if names.contains("data.mdb") {
            do throws(LMDBError) {
                let environment = try LMDBEnvironment(path: source, options: .init(isReadOnly: true))
                try environment.copy(to: target)
            } catch {
                throw SnapshotError(error, "copy \(source)")
            }
        }
        for name in names.sorted()
        where !["data.mdb", "lock.mdb", "writer.lock"].contains(name) && !name.hasSuffix(".new") {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: source + "/" + name, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                try copy(source + "/" + name, to: target + "/" + name)
            } else {
                try copyFile(source + "/" + name, to: target + "/" + name)
            }
        }
        do throws(LogError) {
            try DurableFile.sync(folder: target)
        } catch {
            throw SnapshotError(error, "sync \(target)")
        }
    }

    /// Copies a small file, which others replace as a whole.
    private static func copyFile(_ source: String, to target: String) throws(SnapshotError) {
        do throws(LogError) {
            guard let bytes = try DurableFile.read(source) else { return }
            try DurableFile.write(bytes, to: target)
        } catch {
            throw SnapshotError(error, "copy \(source)")
        }
    }
}
