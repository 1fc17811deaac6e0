import Foundation
import Testing

@Suite("The command line: a ledger's life")
struct JourneyTests {
    @Test("init prints the public key alone, and keeps the private one outside the ledger for its owner only")
    func initialises() async throws {
        let workspace = try Workspace()
        let made = try await workspace.succeed("init", "--origin", "port.example/ledger")
        #expect(made.lines.count == 1 && made.text.hasPrefix("port.example/ledger+"))
        let keys = try FileManager.default.contentsOfDirectory(atPath: workspace.keys)
        #expect(keys.count == 1)
        let file = workspace.keys + "/" + (keys.first ?? "")
        #expect(made.errors.contains(file))
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let folderMode = try FileManager.default.attributesOfItem(atPath: workspace.keys)[.posixPermissions] as? Int
        #expect(folderMode == 0o700)
        #expect(try await workspace.positions() == [])
        try await workspace.expectSound(entries: 0)
    }

    @Test("a key may have a file of its own, and --ledger comes before SANHU_LEDGER")
    func keyOfItsOwn() async throws {
        let workspace = try Workspace()
        _ = try await workspace.succeed("init", "--ledger", "b", "--origin", "b", "--key", "safe/b.key")
        try workspace.write(Draft(id: "1").event, to: "event.json")
        let homeless = try await workspace.run("append", "event.json", "--ledger", "b")
        #expect(homeless.status == 5 && homeless.errors.contains("missingKey"), "\(homeless)")
        _ = try await workspace.succeed("append", "event.json", "--ledger", "b", "--key", "safe/b.key")
        let named = try await workspace.run(
            "append", "event.json", "--ledger", "b", environment: ["SANHU_KEY": "safe/b.key"])
        #expect(named.text == "{\"duplicate\":0}\n", "\(named)")
    }

    @Test("stats counts, show shows, checkpoint signs what is there")
    func looksAround() async throws {
        let workspace = try await Workspace.withEvents(5)
        let stats = try #require(try await workspace.succeed("stats").objects.first)
        #expect(stats["entries"] as? Int == 5)
        #expect(stats["origin"] as? String == Workspace.origin)
        #expect((stats["firstRecorded"] as? String ?? "z") < (stats["lastRecorded"] as? String ?? ""))
        let shown = try await workspace.succeed("show", "3")
        #expect(shown.lines == [try await workspace.succeed("read").lines[3]])
        let checkpoint = try await workspace.succeed("checkpoint")
        let note = checkpoint.text.components(separatedBy: "\n")
        #expect(note[0] == Workspace.origin && note[1] == "5" && note[3] == "")
        #expect(note[4].hasPrefix("— \(Workspace.origin) "))
        let proven = try await workspace.succeed("show", "3", "--proof").objects
        try #require(proven.count == 2)
        #expect(proven[1]["position"] as? Int == 3 && proven[1]["size"] as? Int == 5)
        #expect(proven[1]["root"] as? String == note[2] && proven[1]["checkpoint"] as? String == checkpoint.text)
        #expect((proven[1]["proof"] as? [String])?.count == 3)
        try await workspace.expectSound(entries: 5)
    }

    @Test("a proof holds with the entry, the file and the public key alone")
    func proofHolds() async throws {
        let workspace = try await Workspace.withEvents(7)
        for position in [0, 3, 6] {
            try workspace.write(try await workspace.succeed("show", "\(position)").text, to: "entry")
            try workspace.write(try await workspace.succeed("proof", "\(position)").text, to: "proof")
            let result = try await workspace.run(
                "proof-verify", "proof", "--entry", "entry", "--key", workspace.key,
                environment: ["SANHU_LEDGER": "", "SANHU_KEYS": "/nowhere"])
            #expect(result.status == 0, "\(result)")
            let report = try #require(result.objects.first)
            #expect(report["verified"] as? Bool == true && report["position"] as? Int == position)
            #expect(report["size"] as? Int == 7)
            let piped = try await workspace.shell(
                "\"$SANHU\" show \(position) | \"$SANHU\" proof-verify proof --entry - --key '\(workspace.key)'")
            #expect(piped.status == 0, "\(piped)")
        }
    }

    @Test("a proof fails for another entry, a changed entry, a changed proof and another key")
    func proofFails() async throws {
        let workspace = try await Workspace.withEvents(7)
        let entry = try await workspace.succeed("show", "2").text
        let proof = try await workspace.succeed("proof", "2").text
        let other = try await Workspace.withLedger()
        let hashLine = try #require(proof.split(separator: "\n").first { $0.count == 44 && $0.hasSuffix("=") })
        let cases: [(entry: String, proof: String, key: String)] = [
            (try await workspace.succeed("show", "3").text, proof, workspace.key),
            (entry.replacingOccurrences(of: "e-2", with: "e-9"), proof, workspace.key),
            (entry, proof.replacingOccurrences(of: hashLine, with: String(hashLine.reversed())), workspace.key),
            (entry, proof.replacingOccurrences(of: hashLine, with: "A" + hashLine.dropFirst(2) + "A"), workspace.key),
            (entry, proof.replacingOccurrences(of: "\n7\n", with: "\n8\n"), workspace.key),
            (entry, String(proof.prefix(60)), workspace.key),
            (entry, proof, other.key),
        ]
        for (number, item) in cases.enumerated() {
            try workspace.write(item.entry, to: "entry")
            try workspace.write(item.proof, to: "proof")
            let result = try await workspace.run("proof-verify", "proof", "--entry", "entry", "--key", item.key)
            #expect(result.status == 2, "case \(number): \(result)")
            #expect(result.output.isEmpty && result.errors.contains("The proof does not hold"), "\(result)")
        }
        let missing = try await workspace.run("proof-verify", "none", "--entry", "entry", "--key", workspace.key)
        #expect(missing.status == 4 && missing.errors.contains("none"), "\(missing)")
    }

    @Test("an index that was deleted or damaged is rebuilt")
    func rebuildsIndex() async throws {
        let workspace = try await Workspace.withEvents(50)
        let index = workspace.ledger + "/index"
        let odd = (0..<50).filter { $0 % 2 == 1 }
        try FileManager.default.removeItem(atPath: index)
        let plain = try await workspace.positions("--limit", "3")
        #expect(plain == [0, 1, 2], "what needs no index needs none")
        let unindexed = try await workspace.run("read", "--tag", "parity:odd")
        #expect(unindexed.status == 2 && unindexed.errors.contains("index rebuild"), "\(unindexed)")
        _ = try await workspace.succeed("index", "rebuild")
        #expect(try await workspace.positions("--tag", "parity:odd") == odd)

        for name in try FileManager.default.contentsOfDirectory(atPath: index) {
            try Data(repeating: 0x5A, count: 20_000).write(to: URL(fileURLWithPath: index + "/" + name))
        }
        _ = try await workspace.succeed("index", "rebuild")
        #expect(try await workspace.positions("--tag", "parity:odd") == odd)

        try FileManager.default.removeItem(atPath: index)
        let appended = try await workspace.append([.numbered(50)])
        #expect(appended.status == 0, "a writer makes what is missing anew: \(appended)")
        #expect(try await workspace.positions("--tag", "parity:even", "--from", "45") == [46, 48, 50])
        try await workspace.expectSound(entries: 51)
    }

    @Test("a changed byte of an entry is found and its place named")
    func verifyFindsChange() async throws {
        let workspace = try await Workspace.withEvents(4)
        let file = workspace.ledger + "/log/data.mdb"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let needle = Array("\"id\":\"e-2\"".utf8)
        for start in bytes.indices.dropLast(needle.count) where bytes[start] == needle[0] {
            if bytes[start..<start + needle.count].elementsEqual(needle) { bytes[start + 8] = UInt8(ascii: "7") }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let result = try await workspace.run("verify")
        #expect(result.status == 2 && result.errors.contains("not sound"), "\(result)")
        let report = try #require(result.objects.first)
        #expect(report["sound"] as? Bool == false)
        let problems = try #require(report["problems"] as? [[String: Any]])
        #expect(problems.contains { $0["position"] as? Int == 2 }, "\(result)")
    }

    @Test("bench prints a line with the promised members")
    func benches() async throws {
        let workspace = try Workspace()
        let appended = try await workspace.succeed(
            "bench", "append", "--events", "500", "--batch", "50", "--bytes", "400", "--tags", "2", "--format", "json",
            "--ledger", "bench")
        let line = try #require(try appended.objects.first)
        #expect(appended.lines.count == 1)
        #expect((line["events_per_second"] as? Double ?? 0) > 0)
        for (name, value) in ["events": 500, "batch": 50, "bytes": 400, "tags": 2, "clients": 8] {
            #expect(line[name] as? Int == value, "\(name)")
        }
        for name in ["sync", "kernel", "disk"] { #expect(line[name] is String, "\(name)") }
        let scanned = try await workspace.succeed("bench", "scan", "--ledger", "bench", "--rounds", "1")
        let scan = try #require(try scanned.objects.first)
        #expect((scan["entries_per_second"] as? Double ?? 0) > 0)
        #expect(scan["entries"] as? Int == 500)
        let opened = try await workspace.succeed("bench", "open", "--ledger", "bench")
        #expect(try opened.objects.first?["entries"] as? Int == 500)
        let temporary = try await workspace.succeed("bench", "append", "--events", "100", "--format", "text")
        #expect(temporary.text.hasSuffix("events a second\n"))
        let left = try FileManager.default.contentsOfDirectory(atPath: workspace.path("."))
        #expect(Set(left) == ["bench", "keys"], "what is temporary is taken away")
    }
}
