import Foundation
import Testing
import Transparency

@Suite("The command line: tiles")
struct TilesTests {
    /// The files of a folder: path → inode, so that a file that was written anew is told from one that was kept.
    private static func files(_ folder: String) throws -> [String: Int] {
        let names = try #require(FileManager.default.enumerator(atPath: folder))
        var files: [String: Int] = [:]
        for case let name as String in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
            files[name] = (attributes[.systemFileNumber] as? NSNumber)?.intValue
        }
        return files
    }

    /// Reads a folder as a client would: from the checkpoint to the tiles that it asks for, to the root and the entries.
    private static func fetch(_ workspace: Workspace, _ folder: String) throws -> [String] {
        func bytes(_ path: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: workspace.path(folder) + "/" + path)))
        }
        let note = try SignedNote(String(decoding: bytes("checkpoint"), as: UTF8.self))
        let checkpoint = try Checkpoint(note, verifiedBy: NoteVerifier(workspace.key))
        var frontier = MerkleFrontier()
        var entries: [String] = []
        /// The hashes of each level that its tiles must hold.
        var levels: [[MerkleHash]] = Array(repeating: [], count: 8)
        func tile(_ content: TilePath.Content, _ index: Int, of count: Int) throws -> [UInt8] {
            let width = min(256, count - index * 256)
            return try bytes(try #require(TilePath(content, index: UInt64(index), width: width)).description)
        }
        for index in 0..<(Int(checkpoint.size) + 255) / 256 {
            var bundle = try tile(.entries, index, of: Int(checkpoint.size))[...]
            while let high = bundle.popFirst(), let low = bundle.popFirst() {
                let entry = Array(bundle.prefix(Int(high) << 8 | Int(low)))
                bundle = bundle.dropFirst(entry.count)
                entries.append(String(decoding: entry, as: UTF8.self))
                let leaf = MerkleHash.leaf(entry.span)
                levels[0].append(leaf)
                frontier.append(leaf) { level, _, hash in if level % 8 == 0 { levels[level / 8].append(hash) } }
            }
        }
        #expect(frontier.size == checkpoint.size && frontier.root == checkpoint.root)
        for (level, hashes) in levels.enumerated() {
            for index in 0..<(hashes.count + 255) / 256 {
                let expected = hashes[(index * 256)..<min(hashes.count, index * 256 + 256)].flatMap(\.bytes)
                #expect(try tile(.hashes(level: level), index, of: hashes.count) == expected)
            }
        }
        return entries
    }

    private func export(_ workspace: Workspace, _ options: String...) async throws -> [String: Any] {
        let result = try await workspace.run(["tiles", "export", "www"] + options)
        try #require(result.status == 0, "\(result)")
        return try #require(try result.objects.first)
    }

    private func append(_ workspace: Workspace, _ numbers: Range<Int>) async throws {
        let result = try await workspace.append(numbers.map(Draft.numbered))
        try #require(result.status == 0, "\(result)")
    }

    @Test("a client finds checkpoint, tree and entries by their paths, and they fit; full tiles are kept")
    func exports() async throws {
        let workspace = try await Workspace.withEvents(300)
        let first = try await export(workspace)
        #expect(first["entries"] as? Int == 300 && first["filesKept"] as? Int == 0)
        let before = try Self.files(workspace.path("www"))
        #expect(
            Set(before.keys) == [
                "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000",
                "tile/entries/001.p/44",
            ])
        #expect(first["filesWritten"] as? Int == 6)
        let printed = try await workspace.succeed("read").lines.map { line in
            "{" + line[line.index(after: try #require(line.firstIndex(of: ",")))...]
        }
        #expect(try Self.fetch(workspace, "www") == printed)

        try await append(workspace, 300..<520)
        let second = try await export(workspace)
        #expect(second["filesKept"] as? Int == 2 && second["filesWritten"] as? Int == 6)
        let after = try Self.files(workspace.path("www"))
        #expect(
            Set(after.keys) == [
                "checkpoint", "tile/0/000", "tile/0/001", "tile/0/002.p/8", "tile/1/000.p/1", "tile/1/000.p/2",
                "tile/entries/000", "tile/entries/001", "tile/entries/002.p/8",
            ], "what is full takes the place of what was partial")
        for kept in ["tile/0/000", "tile/entries/000"] { #expect(after[kept] == before[kept]) }
        #expect(try Self.fetch(workspace, "www").count == 520)
        // With nothing new only what is partial is written again.
        let third = try await export(workspace)
        #expect(third["filesKept"] as? Int == 4 && third["filesWritten"] as? Int == 4)
    }

    @Test("what a run that was killed left is made good; what was taken away is written again")
    func makesGood() async throws {
        let workspace = try await Workspace.withEvents(260)
        _ = try await export(workspace)
        let www = workspace.path("www")
        try FileManager.default.removeItem(atPath: www + "/tile/entries")
        _ = try await export(workspace)
        #expect(try Self.fetch(workspace, "www").count == 260)
        // Without a checkpoint nothing is known to be whole.
        try FileManager.default.removeItem(atPath: www + "/checkpoint")
        try workspace.write("", to: "www/tile/0/000")
        #expect(try await export(workspace)["filesKept"] as? Int == 0)
        #expect(try Self.fetch(workspace, "www").count == 260)
    }

    @Test("an empty log is a checkpoint; --hashes-only leaves the entries out, and they can follow")
    func options() async throws {
        let workspace = try await Workspace.withLedger()
        #expect(try await export(workspace)["entries"] as? Int == 0)
        #expect(try Set(Self.files(workspace.path("www")).keys) == ["checkpoint"])
        try await append(workspace, 0..<257)
        _ = try await export(workspace, "--hashes-only")
        #expect(try Set(Self.files(workspace.path("www")).keys).allSatisfy { !$0.contains("entries") })
        _ = try await export(workspace)
        #expect(try Self.fetch(workspace, "www").count == 257)
    }

    @Test("nothing is published of a ledger that is damaged, and what was published before stays")
    func damagedLedger() async throws {
        let workspace = try await Workspace.withEvents(600)
        let file = workspace.ledger + "/log/data.mdb"
        let sound = try Data(contentsOf: URL(fileURLWithPath: file))
        for (text, position) in [("\"id\":\"e-5\"", 5), ("\"id\":\"e-300\"", 300), ("\"id\":\"e-599\"", 599)] {
            var damaged = sound
            // The bytes may stand in pages that are free again as well: only one of the places counts.
            var places: [Int] = []
            while let place = damaged.range(of: Data(text.utf8), in: (places.last ?? 0)..<damaged.count) {
                places.append(place.upperBound)
            }
            try #require(!places.isEmpty, "\(position)")
            for place in places { damaged[place - 2] ^= 1 }
            try damaged.write(to: URL(fileURLWithPath: file))
            let result = try await workspace.run("tiles", "export", "www")
            #expect(result.status == 2, "\(result)")
            #expect(try !Self.files(workspace.path("www")).keys.contains("checkpoint"))
        }
        try sound.write(to: URL(fileURLWithPath: file))
        _ = try await export(workspace)
        #expect(try Self.fetch(workspace, "www").count == 600)
    }

    @Test("a tile that was changed where it is served is mended by --check, and one of another size always")
    func checksKept() async throws {
        let workspace = try await Workspace.withEvents(600)
        _ = try await export(workspace)
        let www = workspace.path("www")
        let names = try Self.files(www).keys.sorted()
        func contents() throws -> [Data] {
            try names.map { try Data(contentsOf: URL(fileURLWithPath: www + "/" + $0)) }
        }
        let sound = try contents()
        for (name, bytes) in zip(names, sound) where name != "checkpoint" && !name.contains(".p/") {
            var changed = bytes
            changed[changed.count / 2] ^= 1
            try changed.write(to: URL(fileURLWithPath: www + "/" + name))
        }
        #expect(try contents() != sound)
        _ = try await export(workspace, "--check")
        #expect(try contents() == sound)
        try workspace.write("cut", to: "www/tile/0/001")
        _ = try await export(workspace)
        #expect(try contents() == sound)
    }

    @Test("a folder that holds other things, a ledger, or entries that are not to be served is refused")
    func otherThings() async throws {
        let workspace = try await Workspace.withEvents(3)
        let own = try await workspace.run("tiles", "export", workspace.ledger)
        #expect(own.status == 3 && own.errors.contains("other things"), "\(own)")
        try workspace.write("hello", to: "site/index.html")
        let site = try await workspace.run("tiles", "export", "site")
        #expect(site.status == 3 && site.errors.contains("other things"), "\(site)")
        _ = try await export(workspace)
        let hashes = try await workspace.run("tiles", "export", "www", "--hashes-only")
        #expect(hashes.status == 3 && hashes.errors.contains("tile/entries"), "\(hashes)")
    }

    @Test("the folder of another log is left alone, and so is one that this log does not continue")
    func otherFolder() async throws {
        let workspace = try await Workspace.withEvents(3)
        let other = try await Workspace.withEvents(3)
        let note = try await other.succeed("checkpoint").text
        for text in [note, "hello\n", ""] {
            try workspace.write(text, to: "www/checkpoint")
            let result = try await workspace.run("tiles", "export", "www")
            #expect(result.status == 3 && result.errors.contains("www/checkpoint"), "\(result)")
            #expect(try Array(Self.files(workspace.path("www")).keys) == ["checkpoint"])
        }
        // A ledger that was rolled back: its key signed more than it has now.
        try FileManager.default.copyItem(atPath: workspace.ledger, toPath: workspace.path("copy"))
        try await append(workspace, 3..<5)
        try workspace.write(try await workspace.succeed("checkpoint").text, to: "www/checkpoint")
        let back = try await workspace.run("tiles", "export", "www", "--ledger", "copy")
        #expect(back.status == 2 && back.errors.contains("rolled back"), "\(back)")
        #expect(try await export(workspace)["entries"] as? Int == 5)
    }

    @Test("print gives the bytes that export writes")
    func prints() async throws {
        let workspace = try await Workspace.withEvents(300)
        _ = try await export(workspace)
        for path in ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"] {
            let printed = try await workspace.succeed("tiles", "print", path)
            let file = try Data(contentsOf: URL(fileURLWithPath: workspace.path("www/" + path)))
            #expect(printed.output == [UInt8](file), "\(path)")
        }
    }
}
