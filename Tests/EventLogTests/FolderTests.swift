import Foundation
import LMDB
import TestSupport
import Testing
import Transparency

@testable import EventLog

/// Making, opening and refusing folders.
@Suite(.fewAtOnce)
struct FolderTests {
    private static let signer = try? NoteSigner(name: "port.example/ledger", seed: Array(1...32))
    private let folder = TemporaryFolder.make()

    private func signer() throws -> NoteSigner { try #require(Self.signer) }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
    }

    @Test("A new ledger is made in a folder that is not there or empty, and opens with its key")
    func creates() async throws {
        for path in [folder.path("new"), folder.path] {
            let log = try Log.create(at: path, signer: try signer())
            #expect(log.verifier == (try signer()).verifier)
            #expect(try log.head == 0)
            #expect(log.verify().isSound)
            log.close()
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test("A ledger is not made over another, nor among other files, and what is there stays")
    func createsOverNothing() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<3)
        ledger.close()
        let again = refusal { _ = try Log.create(at: ledger.path, signer: ledger.signer) }
        #expect(again?.code == .alreadyExists)
        #expect(again?.reason.contains(ledger.path) == true)
        // A ledger that has lost its description still is one: its log must not be thrown away.
        let description = ledger.path + "/ledger.json"
        let text = try Data(contentsOf: URL(fileURLWithPath: description))
        try FileManager.default.removeItem(atPath: description)
        let bereft = refusal { _ = try Log.create(at: ledger.path, signer: ledger.signer) }
        #expect(bereft?.code == .alreadyExists)
        #expect(bereft?.reason.contains("ledger.json") == true)
        try text.write(to: URL(fileURLWithPath: description))
        try ledger.open()
        #expect(try ledger.log.head == 3)
        ledger.close()
        try write("mine", to: "notes.txt")
        #expect(refusal { _ = try Log.create(at: folder.path, signer: try signer()) }?.code == .alreadyExists)
        #expect(try String(contentsOfFile: folder.path("notes.txt"), encoding: .utf8) == "mine")
    }

    @Test("Folders that happen to be called log or index are not taken for leftovers of a ledger")
    func foreignFolders() throws {
        for name in ["log", "index"] {
            let home = folder.path(name + "-home")
            try FileManager.default.createDirectory(atPath: home + "/" + name, withIntermediateDirectories: true)
            try Data("mine".utf8).write(to: URL(fileURLWithPath: home + "/" + name + "/app.log"))
            #expect(refusal { _ = try Log.create(at: home, signer: try signer()) }?.code == .alreadyExists)
            #expect(FileManager.default.fileExists(atPath: home + "/" + name + "/app.log"))
        }
    }

    @Test("What a creation that was cut off left behind is begun anew")
    func interruptedCreation() throws {
        let path = folder.path("ledger")
        let begun = try LedgerFolder(creating: path, verifier: try signer().verifier)
        #expect(refusal { _ = try Log.open(at: path, signer: try signer()) }?.code == .notALedger)
        try Log.create(at: path, signer: try signer()).close()
        // Cut off later: the log is there, the description is not.
        try FileManager.default.removeItem(atPath: begun.path + "/ledger.json")
        let log = try Log.create(at: path, signer: try signer())
        #expect(log.verify().isSound)
        log.close()
    }

    @Test("A folder that is no ledger is refused, with what to do")
    func notALedger() throws {
        for path in [folder.path, folder.path("nowhere"), "/dev/null"] {
            for open in [{ try Log.open(at: $0, signer: try self.signer()) }, { try Log.open(readingAt: $0) }] {
                let error = refusal { _ = try open(path) }
                #expect(error?.code == .notALedger)
                #expect(error?.reason.contains(path) == true)
                #expect(error?.reason.contains("sanhu init") == true)
            }
        }
    }

    @Test(
        "A description of a newer format, or a damaged one, is refused",
        arguments: [
            ("\"format\":1", "\"format\":2", LogError.Code.newerFormat), ("\"format\":1", "\"format\":0", .corrupted),
            ("\"format\":1", "\"format\":\"1\"", .corrupted), ("sha256-ed25519", "sha256-other", .corrupted),
            ("\"origin\":\"port", "\"origin\":\"sort", .corrupted), ("{", "", .corrupted), ("+", "-", .corrupted),
        ])
    func description(part: String, change: String, code: LogError.Code) throws {
        let path = folder.path("ledger")
        try Log.create(at: path, signer: try signer()).close()
        let text = try String(contentsOfFile: path + "/ledger.json", encoding: .utf8)
        let changed = text.replacing(part, with: change)
        #expect(changed != text)
        try write(changed, to: "ledger/ledger.json")
        let error = refusal { _ = try Log.open(at: path, signer: try signer()) }
        #expect(error?.code == code)
        #expect(error?.reason.contains(path) == true)
        if code == .newerFormat { #expect(error?.reason.contains("format 2") == true) }
        #expect(refusal { _ = try Log.open(readingAt: path) }?.code == code)
    }

    @Test("Another key than the ledger's is refused, naming both")
    func wrongKey() throws {
        let path = folder.path("ledger")
        try Log.create(at: path, signer: try signer()).close()
        let other = try NoteSigner(name: "port.example/ledger", seed: Array(2...33))
        let error = refusal { _ = try Log.open(at: path, signer: other) }
        #expect(error?.code == .wrongKey)
        #expect(error?.reason.contains(other.verifier.description) == true)
        #expect(error?.reason.contains(try signer().verifier.description) == true)
    }

    @Test("A second writer is refused, and told who writes")
    func secondWriter() throws {
        let ledger = try TestLedger()
        let error = refusal { _ = try WriterLock(path: ledger.path + "/writer.lock") }
        #expect(error?.code == .inUse)
        #expect(error?.reason.contains("process \(ProcessInfo.processInfo.processIdentifier) ") == true)
        #expect(error?.reason.contains(ProcessInfo.processInfo.hostName) == true)
        #expect(refusal { _ = try Log.open(at: ledger.path, signer: ledger.signer) }?.code == .inUse)
        ledger.close()
        let lock = try WriterLock(path: ledger.path + "/writer.lock")
        #expect(refusal { try ledger.open() }?.code == .inUse)
        lock.release()
        try ledger.open()
        ledger.close()
    }

    @Test("A lock whose holder cannot be read is refused all the same")
    func namelessHolder() throws {
        let path = folder.path("writer.lock")
        let lock = try WriterLock(path: path)
        try write("{", to: "writer.lock")
        let error = refusal { _ = try WriterLock(path: path) }
        #expect(error?.code == .inUse)
        #expect(error?.reason.contains("another process") == true)
        lock.release()
    }

    @Test("Without permission a ledger is refused", .disabled(if: getuid() == 0, "root may do everything"))
    func permission() throws {
        let path = folder.path("ledger")
        try Log.create(at: path, signer: try signer()).close()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: path + "/log")
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path + "/log/data.mdb")
        #expect(refusal { _ = try Log.open(at: path, signer: try signer()) }?.code == .permissionDenied)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path + "/log")
    }

    @Test("A log whose state or checkpoint is damaged is not opened, by writers or readers")
    func damagedState() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<20)
        ledger.close()
        var dice = Dice(seed: 3)
        for trial in 0..<80 {
            var before: [UInt8] = []
            var place = 0
            try withStore(ledger.path) { store in
                before = try store.change(.state, LogState.key) { bytes in
                    // Every byte up to the checkpoint once, then bytes of the checkpoint.
                    place = trial < 52 ? trial : dice.within(52..<bytes.count)
                    bytes[place] ^= UInt8(1 << dice.below(8))
                }
            }
            let error = refusal { _ = try Log.open(at: ledger.path, signer: ledger.signer, tuning: .small) }
            #expect(error?.code == .corrupted, "byte \(place)")
            #expect(refusal { _ = try Log.open(readingAt: ledger.path) }?.code == .corrupted, "byte \(place)")
            try withStore(ledger.path) { store in try store.change(.state, LogState.key) { $0 = before } }
        }
        try ledger.open()
        ledger.close()
    }

    private func withStore(_ path: String, _ body: (LogStore) throws -> Void) throws {
        try body(try LogStore(path: path + "/log", isReadOnly: false))
    }

    @Test("A log opened for reading reads, follows, proves, and does not append")
    func readOnly() async throws {
        let ledger = try TestLedger()
        try await ledger.fill(0..<30, tags: { ["box:\($0 % 3)"] })
        ledger.close()
        let log = try Log.open(readingAt: ledger.path)
        #expect(log.isReadOnly)
        #expect(try log.read(.tagged("box:1"), ReadRange()).map(\.position) == (0..<30).filter { $0 % 3 == 1 })
        #expect(try log.last(.tagged("box:2"))?.position == 29)
        #expect(await refusal { _ = try await log.append(AppendRequest([draft("x")])) }?.code == .permissionDenied)
        var iterator = try log.subscribe(.all, from: 29).makeAsyncIterator()
        guard case .event(let entry) = await iterator.next() else {
            Issue.record("no event")
            return
        }
        #expect(entry.position == 29)
        #expect(await iterator.next() == .caughtUp(30))
        #expect(log.verify().isSound)
        log.close()
        #expect(await iterator.next() == .dropped(.closed))
    }

    @Test("Where a file lies is found for names of any length")
    func folderOfFile() throws {
        let cases = [
            ("a", "."), ("ab", "."), ("", "."), ("a/", "."), ("/", "/"), ("/a", "/"), ("/a/", "/"), ("a/b", "a"),
            ("/a/b", "/a"), ("/a//b//", "/a"), ("../a", ".."), ("三/互", "三"), ("//a", "/"),
        ]
        for (path, folder) in cases { #expect(DurableFile.folder(of: path) == folder, "\(path)") }
    }
}
