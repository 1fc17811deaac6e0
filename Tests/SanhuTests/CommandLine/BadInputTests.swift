import Foundation
import TestSupport
import Testing

@Suite("The command line: bad input, and nothing lost")
struct BadInputTests {
    /// Something that is no event, and how it is refused.
    struct Refusal: Sendable {
        let name: String
        let text: String
        let code: String
        let reason: String
    }

    static let refusals: [Refusal] = [
        Refusal(name: "not JSON", text: "{\"a\":nope}", code: "invalidJSON", reason: "byte 6"),
        Refusal(name: "cut short", text: "{\"specversion\":\"1.0\"", code: "invalidJSON", reason: "byte 20"),
        Refusal(name: "a key twice", text: "{\"a\":1,\"a\":2}", code: "invalidJSON", reason: "byte 7"),
        Refusal(name: "a number too large", text: "{\"a\":9007199254740993}", code: "invalidJSON", reason: "byte 5"),
        Refusal(name: "a lone surrogate", text: "{\"a\":\"\\ud800\"}", code: "invalidJSON", reason: "byte 6"),
        Refusal(
            name: "too deep", text: String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
            code: "invalidJSON", reason: "byte 64"),
        Refusal(name: "text behind", text: Draft(id: "1").event + " x", code: "invalidJSON", reason: "byte"),
        Refusal(name: "a number", text: "42", code: "invalidEvent", reason: "object"),
        Refusal(name: "no CloudEvent", text: "{\"hello\":1}", code: "invalidEvent", reason: "specversion"),
        Refusal(
            name: "no id", text: "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\"}", code: "invalidEvent",
            reason: "“id” is missing"),
        Refusal(
            name: "another version", text: "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}",
            code: "invalidEvent", reason: "specversion"),
        Refusal(
            name: "no time", text: #"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"noon"}"#,
            code: "invalidEvent", reason: "“time”"),
        Refusal(
            name: "over the entry's limit",
            text: Draft(id: "1", data: "\"" + String(repeating: "x", count: 65_500) + "\"").event,
            code: "entryTooLarge", reason: "65535"),
        Refusal(
            name: "id reused", text: Draft(id: "e-1", type: "other").line, code: "idReused", reason: "position 1"),
        Refusal(
            name: "id reused with other tags", text: Draft(id: "e-1", tags: ["lot:7"]).line, code: "idReused",
            reason: "position 1"),
        Refusal(
            name: "a tag without a kind", text: Draft(id: "1", tags: ["lot"]).line, code: "invalidTag",
            reason: "kind:value"),
        Refusal(
            name: "a tag of a bad kind", text: Draft(id: "1", tags: ["Lot:1"]).line, code: "invalidTag", reason: "Lot:1"
        ),
        Refusal(
            name: "a tag over its limit",
            text: Draft(id: "1", tags: ["lot:" + String(repeating: "9", count: 252)]).line,
            code: "invalidTag", reason: "255"),
        Refusal(
            name: "too many tags", text: Draft(id: "1", tags: (0..<257).map { "lot:\($0)" }).line,
            code: "limitExceeded",
            reason: "256"),
        Refusal(
            name: "tags that are no array", text: #"{"tags":"lot:1","event":\#(Draft(id: "1").event)}"#,
            code: "invalidTag", reason: "array"),
        Refusal(
            name: "a tag that is no string", text: #"{"tags":[1],"event":\#(Draft(id: "1").event)}"#,
            code: "invalidTag",
            reason: "string"),
        Refusal(
            name: "an agency that is no string", text: #"{"agency":7,"event":\#(Draft(id: "1").event)}"#,
            code: "invalidAgency", reason: "string"),
        Refusal(
            name: "a bad agency", text: Draft(id: "1", agency: "C U S").line, code: "invalidAgency", reason: "C U S"),
        Refusal(
            name: "pretty-printed and broken", text: "{\n\"specversion\": \"1.0\",\n\"id\": 1x\n}\n",
            code: "invalidJSON",
            reason: "Lines 1 to 4"),
        Refusal(name: "control characters", text: "\u{1}\u{2}", code: "invalidJSON", reason: "byte 0"),
    ]

    @Test("each is refused with its code, line and reason, alone and with others; the ledger is as it was")
    func refuses() async throws {
        let workspace = try await Workspace.withEvents(2)
        for refusal in Self.refusals {
            let result = try await workspace.append(text: refusal.text)
            #expect(result.status == 3 && result.errors == "0 appended, 1 refused\n", "\(refusal.name): \(result)")
            let answer = try #require(try result.objects.first, "\(refusal.name): \(result)")
            #expect(answer["refused"] as? String == refusal.code, "\(refusal.name): \(result)")
            #expect(answer["line"] as? Int == 1, "\(refusal.name): \(result)")
            let reason = answer["reason"] as? String
            #expect(reason?.contains(refusal.reason) == true, "\(refusal.name): \(result)")
            let together = try await workspace.append(text: refusal.text, "--atomic")
            #expect(together.status == 3 && together.output.isEmpty, "\(refusal.name): \(together)")
            #expect(together.errors.contains("(\(refusal.code))"), "\(refusal.name): \(together)")
        }
        try await workspace.expectSound(entries: 2)
    }

    @Test("an entry may be just as large as the limit")
    func largest() async throws {
        let workspace = try await Workspace.withLedger()
        _ = try await workspace.append([Draft(id: "0", agency: "A", data: "\"\"")])
        let line = try #require(try await workspace.succeed("show", "0").lines.first)
        let entryBytes = line.utf8.count - "\"position\":0,".utf8.count
        for (extra, status) in [(0, Int32(0)), (1, 3)] {
            let filling = String(repeating: "x", count: 65_535 - entryBytes + extra)
            let result = try await workspace.append([Draft(id: "\(extra + 1)", agency: "A", data: "\"\(filling)\"")])
            #expect(result.status == status, "\(result.errors)")
        }
        try await workspace.expectSound(entries: 2)
    }

    @Test("bad tags and queries on the command line are refused before anything is read or written")
    func badOptions() async throws {
        let workspace = try await Workspace.withEvents(1)
        for options in [["--tag", "Bad:1"], ["--tag", "lot"], ["--if-none", "lot"], ["--agency", "no way"]] {
            let result = try await workspace.run(
                ["append", "-"] + options, input: Array((Draft(id: "1").event + "\n").utf8))
            #expect(result.status == 3, "\(result)")
            #expect((result.errors + result.text).contains(options[1]), "\(result)")
        }
        let read = try await workspace.run("read", "--tag", "nonsense")
        #expect(read.status == 3 && read.errors.contains("nonsense"), "\(read)")
        try await workspace.expectSound(entries: 1)
    }

    @Test("positions beyond the head")
    func beyondHead() async throws {
        let workspace = try await Workspace.withEvents(3)
        let results = [
            try await workspace.run("read", "--from", "4"), try await workspace.run("read", "--from", "4", "--to", "9"),
            try await workspace.run("read", "--follow", "--from", "4"), try await workspace.run("show", "3"),
            try await workspace.run("show", "3", "--proof"), try await workspace.run("proof", "3"),
            try await workspace.run("proof", "18446744073709551615"),
            try await workspace.run("consistency", "4"), try await workspace.run("consistency", "0", "4"),
            try await workspace.run("consistency", "2", "18446744073709551615"),
            try await workspace.run("tiles", "print", "tile/0/000.p/4"),
            try await workspace.run("tiles", "print", "tile/entries/000"),
            try await workspace.append([Draft(id: "1")], "--if-none", "lot:1", "--after", "3"),
        ]
        for result in results {
            #expect(result.status == 4 && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains("3 entries") && result.errors.contains("(positionBeyondHead)"), "\(result)")
        }
        try await workspace.expectSound(entries: 3)
    }

    @Test("a folder that is no ledger, or is not there")
    func noLedger() async throws {
        let workspace = try Workspace()
        try workspace.write("hello", to: "docs/readme")
        for ledger in ["docs", "nowhere", "docs/readme"] {
            for command in [["read"], ["stats"], ["verify"], ["append"], ["index", "rebuild"], ["show", "0"]] {
                let result = try await workspace.run(command + ["--ledger", ledger])
                #expect(result.status == 4 && result.output.isEmpty, "\(result)")
                #expect(result.errors.contains(ledger) && result.errors.contains("(notALedger)"), "\(result)")
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.path("docs")) == ["readme"])
    }

    @Test("a ledger of a newer format is left alone")
    func newerFormat() async throws {
        let workspace = try await Workspace.withEvents(2)
        let file = URL(fileURLWithPath: workspace.ledger + "/ledger.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try Data(text.replacingOccurrences(of: "\"format\":1", with: "\"format\":2").utf8).write(to: file)
        let commands = [
            ["read"], ["append"], ["show", "0"], ["checkpoint"], ["proof", "0"], ["verify"], ["index", "rebuild"],
            ["snapshot", "export", "x.zst"], ["stats"],
        ]
        for command in commands {
            let result = try await workspace.run(command)
            #expect(result.status == 5 && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains("format 2") && result.errors.contains("(newerFormat)"), "\(result)")
        }
        try Data("{\"format\":".utf8).write(to: file)
        let broken = try await workspace.run("read")
        #expect(broken.status == 2 && broken.errors.contains("ledger.json"), "\(broken)")
        try Data(text.utf8).write(to: file)
        try await workspace.expectSound(entries: 2)
    }

    private static let canBeOthers =
        getuid() != 0 || FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

    /// How a shell runs the program as someone else, or, who is not root, as oneself.
    private static func programOfAnother(in workspace: Workspace) async throws -> String {
        // Copied by a process of its own: a process that this one starts meanwhile would inherit the file that is being
        // written, and what is open for writing cannot be run.
        let copied = try await workspace.shell("cp '\(SanhuProcess.binary)' program && chmod 755 program")
        try #require(copied.status == 0, "\(copied)")
        return getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups ./program" : "./program"
    }

    @Test(
        "without permission nothing is read or written",
        .enabled(if: canBeOthers, "skipped: root, and no setpriv(1) to be someone else"))
    func noPermission() async throws {
        let workspace = try await Workspace.withEvents(2)
        let other = try await Self.programOfAnother(in: workspace)
        try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: workspace.ledger)
        for command in ["read", "stats", "verify", "show 0", "checkpoint", "append", "index rebuild"] {
            let result = try await workspace.shell("\(other) \(command) < /dev/null")
            #expect(result.status == 5 && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains("(permissionDenied)"), "\(result)")
        }
        try FileManager.default.createDirectory(
            atPath: workspace.path("locked"), withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500]
        )
        let made = try await workspace.shell(
            "\(other) init --ledger locked/new --origin a", environment: ["SANHU_KEYS": "locked/keys"])
        #expect(made.status == 5 && made.errors.contains("ermission"), "\(made)")
        try FileManager.default.setAttributes([.posixPermissions: 0o750], ofItemAtPath: workspace.ledger)
        try await workspace.expectSound(entries: 2)
    }

    @Test(
        "who may read but not write the lock file is told which file it is, and reads once that is mended",
        .enabled(if: canBeOthers, "skipped: root, and no setpriv(1) to be someone else"))
    func lockFile() async throws {
        let workspace = try await Workspace.withEvents(2)
        let other = try await Self.programOfAnother(in: workspace)
        func mode(_ mode: Int, _ path: String) throws {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: workspace.path(path))
        }
        for folder in [".", "port.ledger", "port.ledger/log", "port.ledger/index"] { try mode(0o755, folder) }
        for file in ["ledger.json", "log/data.mdb", "index/data.mdb"] { try mode(0o644, "port.ledger/" + file) }
        for file in ["log/lock.mdb", "index/lock.mdb"] { try mode(0o444, "port.ledger/" + file) }
        for command in ["read", "stats", "verify"] {
            let result = try await workspace.shell("\(other) \(command)")
            #expect(result.status == 5 && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains("log/lock.mdb for reading and writing"), "\(result)")
        }
        try mode(0o000, "port.ledger/log/data.mdb")
        let closed = try await workspace.shell("\(other) read")
        #expect(closed.status == 5 && closed.errors.contains("log/data.mdb)"), "\(closed)")
        try mode(0o644, "port.ledger/log/data.mdb")
        for file in ["log/lock.mdb", "index/lock.mdb"] { try mode(0o666, "port.ledger/" + file) }
        let read = try await workspace.shell("\(other) read --tag lot:1")
        #expect(read.status == 0 && read.lines.count == 1, "\(read)")
    }

    @Test("a key that is missing, may be read by others, is no key, or is another ledger's")
    func badKeys() async throws {
        let workspace = try await Workspace.withEvents(2)
        let other = try await Workspace.withLedger()
        func key(_ workspace: Workspace) throws -> String {
            workspace.keys + "/" + (try FileManager.default.contentsOfDirectory(atPath: workspace.keys).first ?? "")
        }
        let (own, foreign) = (try key(workspace), try key(other))
        func append(_ file: String) async throws -> SanhuProcess.Result {
            try await workspace.append([Draft(id: "1")], "--key", file)
        }
        func expect(_ result: SanhuProcess.Result, _ reason: String) {
            #expect(result.status == 5 && result.output.isEmpty && result.errors.contains(reason), "\(result)")
            #expect(!result.errors.contains("nonsense"), "\(result)")
        }
        expect(try await append("nowhere.key"), "(missingKey)")
        expect(try await append(foreign), "(wrongKey)")
        try workspace.write("PRIVATE+KEY+nonsense\n", to: "bad.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: workspace.path("bad.key"))
        expect(try await append("bad.key"), "bad.key")
        for mode in [0o640, 0o604] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: own)
            expect(try await append(own), "chmod 600")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: own)
        try await workspace.expectSound(entries: 2)
        #expect(try await append(own).status == 0)
    }

    @Test("init makes nothing over what is there, and leaves no key behind")
    func initOverSomething() async throws {
        let workspace = try await Workspace.withEvents(2)
        try workspace.write("hello", to: "docs/readme")
        let keys = try FileManager.default.contentsOfDirectory(atPath: workspace.keys)
        let file = try #require(keys.first)
        for ledger in ["port.ledger", "docs", "docs/readme"] {
            let result = try await workspace.run("init", "--ledger", ledger, "--origin", "b")
            #expect(result.status == (ledger == "docs/readme" ? result.status : 3), "\(result)")
            #expect(result.status != 0 && result.output.isEmpty && result.errors.contains(ledger), "\(result)")
        }
        let overKey = try await workspace.run("init", "--ledger", "new", "--origin", "b", "--key", "keys/\(file)")
        #expect(overKey.status == 3 && overKey.errors.contains(file), "\(overKey)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.keys) == keys)
        #expect(!FileManager.default.fileExists(atPath: workspace.path("new")))
        try await workspace.expectSound(entries: 2)
        #expect(try await workspace.append([.numbered(2)]).status == 0)
    }

    @Test("a line of 20 MiB is refused; what came before it is appended")
    func longLine() async throws {
        let workspace = try await Workspace.withLedger()
        let text = Draft(id: "1").line + "{\"a\":\"" + String(repeating: "x", count: 20 << 20) + "\"}\n"
        try workspace.write(text + Draft(id: "2").line, to: "long.ndjson")
        let result = try await workspace.run("append", "long.ndjson")
        #expect(result.status == 3 && result.text == "{\"appended\":0}\n", "\(result.errors)")
        #expect(result.errors.contains("Line 2 is longer than"), "\(result.errors)")
        let piped = try await workspace.shell("cat long.ndjson | \"$SANHU\" append - --atomic")
        #expect(piped.status == 3 && piped.output.isEmpty && piped.errors.contains("Line 2"), "\(piped.errors)")
        try await workspace.expectSound(entries: 1)
    }

    @Test("garbage is refused line by line, and an event among it still goes in")
    func garbage() async throws {
        let workspace = try await Workspace.withEvents(1)
        var generator = Dice(seed: 7)
        let noise = generator.bytes(60_000).filter { $0 != UInt8(ascii: "[") }
        let newline = [UInt8(ascii: "\n")]
        let input = noise + newline + Array(Draft(id: "1").line.utf8) + noise
        let result = try await workspace.run("append", "-", input: input)
        #expect(result.status == 3 && result.errors.hasPrefix("1 appended, "), "\(result.errors)")
        let answers = try result.objects
        #expect(answers.count > 100 && answers.count { $0["refused"] as? String == "invalidJSON" } == answers.count - 1)
        try await workspace.expectSound(entries: 2)
    }

    @Test("empty input appends nothing; a file that cannot be read is no empty input")
    func emptyInput() async throws {
        let workspace = try await Workspace.withEvents(1)
        for text in ["", "\n", " \r\n\t\n"] {
            let result = try await workspace.append(text: text)
            #expect(result.status == 0 && result.output.isEmpty && result.errors == "0 appended\n", "\(result)")
        }
        let atomic = try await workspace.append(text: "", "--atomic")
        #expect(atomic.status == 3 && atomic.errors.contains("no events"), "\(atomic)")
        let missing = try await workspace.run("append", "nowhere.json")
        #expect(missing.status == 4 && missing.errors.contains("nowhere.json"), "\(missing)")
        let folder = try await workspace.run("append", "keys")
        #expect(folder.status == 1 && folder.errors.contains("keys"), "\(folder)")
        try await workspace.expectSound(entries: 1)
    }
}
