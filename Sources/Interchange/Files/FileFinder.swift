import Foundation

/// Finds the files of an import under the paths given, in an order that does not depend on the file system.
///
/// Symbolic links below a folder are not followed, so no import can leave the folder it was given or run in circles.
struct FileFinder {
    /// What a file's name must end with to be taken from a folder, say `.xml`. A file given by name is always taken.
    let suffix: String

    /// The most folders that may lie inside one another.
    static let maximumDepth = 32

    /// All files, in natural order below each path; each file once.
    func files(under paths: [String]) -> [SourceFile] {
        var found: [SourceFile] = []
        var seen: Set<String> = []
        for path in paths {
            for file in isFolder(path) ? contents(of: path, depth: 0) : [examine(path, isGivenByName: true)]
            where seen.insert(file.path).inserted {
                found.append(file)
            }
        }
        return found
    }

    /// The files in groups: a folder that holds files of the format itself is a group with everything below it; a
    /// folder that only holds folders is looked through for such folders; files given by name form a group per folder.
    func groups(under paths: [String]) -> [SourceGroup] {
        var groups: [SourceGroup] = []
        var loose: [(folder: String, files: [SourceFile])] = []
        var seen: Set<String> = []
        for path in paths {
            if isFolder(path) {
                for group in folderGroups(at: path, depth: 0) {
                    let files = group.files.filter { seen.insert($0.path).inserted }
                    if !files.isEmpty { groups.append(SourceGroup(name: group.name, files: files)) }
                }
            } else if seen.insert(path).inserted {
                let folder = parent(of: path)
                let file = examine(path, isGivenByName: true)
                if let index = loose.firstIndex(where: { $0.folder == folder }) {
                    loose[index].files.append(file)
                } else {
                    loose.append((folder, [file]))
                }
            }
        }
        let ordered = loose.map { entry in
            SourceGroup(
                name: name(of: entry.folder),
                files: entry.files.sorted { NaturalOrder.precedes($0.path, $1.path) })
        }
        return groups + ordered
    }

    private func folderGroups(at folder: String, depth: Int) -> [SourceGroup] {
        let listing = list(folder)
        if depth >= Self.maximumDepth || !listing.files.isEmpty {
            let files = contents(of: folder, depth: depth)
            return files.isEmpty ? [] : [SourceGroup(name: name(of: folder), files: files)]
        }
        return listing.folders.flatMap { folderGroups(at: $0, depth: depth + 1) }
    }

    /// Every file of the format below a folder, the folder's own first.
    private func contents(of folder: String, depth: Int) -> [SourceFile] {
        let listing = list(folder)
        guard listing.obstacle == nil else {
            return [SourceFile(path: folder, size: 0, obstacle: listing.obstacle)]
        }
        guard depth < Self.maximumDepth else {
            let reason = "folders lie more than \(Self.maximumDepth) deep inside one another here"
            return [SourceFile(path: folder, size: 0, obstacle: reason)]
        }
        let own = listing.files.map { examine($0, isGivenByName: false) }
        return own + listing.folders.flatMap { contents(of: $0, depth: depth + 1) }
    }

    /// What a folder holds: paths of files with the suffix and of folders, each in natural order.
    private func list(_ folder: String) -> (files: [String], folders: [String], obstacle: String?) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            return ([], [], "the folder cannot be read; check its permissions")
        }
        var files: [String] = []
        var folders: [String] = []
        for name in names where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            if attributes?[.type] as? FileAttributeType == .typeDirectory {
                folders.append(path)
            } else if name.lowercased().hasSuffix(suffix) {
                files.append(path)
            }
        }
        return (files.sorted(by: NaturalOrder.precedes), folders.sorted(by: NaturalOrder.precedes), nil)
    }

    private func examine(_ path: String, isGivenByName: Bool) -> SourceFile {
        // A link given by name was meant; one found in a folder is not followed.
        let target = isGivenByName ? URL(fileURLWithPath: path).resolvingSymlinksInPath().path : path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target) else {
            return SourceFile(path: path, size: 0, obstacle: "there is no such file, or it may not be looked at")
        }
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular?:
            return SourceFile(path: path, size: (attributes[.size] as? NSNumber)?.int64Value ?? 0)
        case .typeSymbolicLink?:
            return SourceFile(path: path, size: 0, obstacle: "is a symbolic link, which is not followed; give its path")
        default:
            return SourceFile(path: path, size: 0, obstacle: "is not an ordinary file")
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private func parent(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    }

    /// The name of a folder, also where it was given as `.` or with a slash at its end.
    private func name(of folder: String) -> String {
        URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
    }
}
