import Foundation
import Testing

@Suite("The command line: several processes at one ledger")
struct ProcessesTests {
    @Test("readers are welcome while another process writes, and see what it has acknowledged")
    func readersWhileWriting() async throws {
        let workspace = try await Workspace.withEvents(5)
        let writer = try workspace.start("append", "-")
        for round in 1...3 {
            for number in round * 5..<round * 5 + 5 { try writer.write(Draft.numbered(number).line) }
            let size = round * 5 + 5
            _ = try await writer.lines(round * 5)
            #expect(try await workspace.positions() == Array(0..<size))
            #expect(try await workspace.positions("--tag", "lot:\(size - 1)") == [size - 1])
            #expect(try await workspace.succeed("stats").objects.first?["entries"] as? Int == size)
            #expect(try await workspace.succeed("show", "\(size - 1)").lines.count == 1)
            #expect(try await workspace.succeed("checkpoint").text.split(separator: "\n")[1] == "\(size)")
            try workspace.write(try await workspace.succeed("show", "\(size - 1)").text, to: "entry")
            try workspace.write(try await workspace.succeed("proof", "\(size - 1)").text, to: "proof")
            _ = try await workspace.succeed("proof-verify", "proof", "--entry", "entry", "--key", workspace.key)
            try await workspace.expectSound(entries: size)
        }
        try writer.closeInput()
        #expect(try await writer.finish().status == 0)
    }

    @Test(
        "follow gives what was there and what comes, in order and once, until it is interrupted",
        arguments: [SIGINT, SIGTERM])
    func follows(signal: Int32) async throws {
        let workspace = try await Workspace.withEvents(10)
        let all = try workspace.start("read", "--follow")
        let some = try workspace.start("read", "--follow", "--tag", "parity:odd", "--from", "4")
        _ = try await all.lines(10)
        let writer = try workspace.start("append", "-")
        for number in 10..<40 {
            try writer.write(Draft.numbered(number).line)
            if number % 10 == 9 {
                let lines = try await all.lines(number + 1)
                #expect(lines.count == number + 1)
            }
        }
        _ = try await some.lines(18)
        for follower in [all, some] { follower.send(signal) }
        let (every, odd) = (try await all.finish(within: 10), try await some.finish(within: 10))
        #expect(every.signal == signal || every.status == 0, "\(every)")
        #expect(try every.objects.map { $0["position"] as? Int } == Array(0..<40))
        #expect(try odd.objects.map { $0["position"] as? Int } == (4..<40).filter { $0 % 2 == 1 })
        #expect(every.errorBytes.isEmpty && odd.errorBytes.isEmpty)
        try writer.closeInput()
        #expect(try await writer.finish().status == 0)
        #expect(every.text == (try await workspace.succeed("read").text))
    }

    @Test("follow ends by itself after as many as it was asked for")
    func followsUpToALimit() async throws {
        let workspace = try await Workspace.withEvents(3)
        let follower = try workspace.start("read", "--follow", "--limit", "4")
        _ = try await follower.lines(3)
        _ = try await workspace.append([.numbered(3), .numbered(4)])
        let result = try await follower.finish(within: 20)
        #expect(result.status == 0 && result.lines.count == 4, "\(result)")
        let none = try await workspace.run("read", "--follow", "--limit", "0")
        #expect(none.status == 0 && none.output.isEmpty, "\(none)")
    }

    @Test("a second writer is told who writes; it may when that one has ended, even by force")
    func oneWriter() async throws {
        let workspace = try await Workspace.withEvents(1)
        let writer = try workspace.start("append", "-")
        try writer.write(Draft.numbered(1).line)
        _ = try await writer.lines(1)
        for arguments in [["append", "-"], ["index", "rebuild"], ["import", "kcs", "."]] {
            let second = try await workspace.run(arguments, input: Array(Draft.numbered(9).line.utf8))
            #expect(second.status == 5 && second.output.isEmpty, "\(second)")
            #expect(second.errors.contains("process \(writer.number) "), "\(second)")
            #expect(second.errors.contains("sanhu") && second.errors.contains("(inUse)"), "\(second)")
        }
        writer.send(SIGKILL)
        #expect(try await writer.finish().signal == SIGKILL)
        let next = try await workspace.append([.numbered(2)])
        #expect(next.status == 0 && next.text == "{\"appended\":2}\n", "\(next)")
        try await workspace.expectSound(entries: 3)
    }

    @Test("a follower outlives the writer and goes on with the next one")
    func followsAcrossWriters() async throws {
        let workspace = try await Workspace.withEvents(1)
        let follower = try workspace.start("read", "--follow")
        for number in 1..<4 {
            let writer = try workspace.start("append", "-")
            try writer.write(Draft.numbered(number).line)
            _ = try await writer.lines(1)
            writer.send(SIGKILL)
            _ = try await writer.finish()
            #expect(try await follower.lines(number + 1).count == number + 1)
        }
        follower.send(SIGTERM)
        _ = try await follower.finish(within: 10)
    }
}
