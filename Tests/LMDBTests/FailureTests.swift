import Foundation
import LMDB
import TestSupport
import Testing

@Suite("Failures are typed")
final class FailureTests: FolderSuite {
    private func opening(_ path: String, _ options: LMDBEnvironment.Options = .init()) -> LMDBError.Code? {
        fault { () throws(LMDBError) in _ = try LMDBEnvironment(path: path, options: options) }
    }

    @Test("a folder that this process has open cannot be opened again, by whatever path, until it is let go of")
    func alreadyOpen() throws {
        var environment: LMDBEnvironment? = try LMDBEnvironment(path: folder.path)
        #expect(opening(folder.path) == .alreadyOpen)
        #expect(opening(folder.path + "/") == .alreadyOpen)
        #expect(opening(folder.path + "/../" + folder.url.lastPathComponent) == .alreadyOpen)
        #expect(opening(folder.path, .init(isReadOnly: true)) == .alreadyOpen)
        let other = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: other.path("link"), withDestinationPath: folder.path)
        #expect(opening(other.path("link")) == .alreadyOpen)
        #expect(environment?.path == folder.path)
        environment = nil
        #expect(opening(other.path("link")) == nil)
        #expect(opening(folder.path) == nil)
    }

    @Test("a folder that failed to open can be opened once it is mended")
    func failedOpen() throws {
        let path = folder.path("later")
        #expect(opening(path) == .noSuchFile)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(opening(path) == nil)
    }

    @Test("a file that is no environment is told, and left as it is")
    func notAnEnvironment() throws {
        var dice = Dice(seed: 4)
        for count in [1, 100, 4096, 20_000] {
            let bytes = Data(dice.bytes(count))
            try bytes.write(to: folder.url.appendingPathComponent("data.mdb"))
            #expect(opening(folder.path) == .notAnEnvironment, "\(count) bytes")
            #expect(try Data(contentsOf: folder.url.appendingPathComponent("data.mdb")) == bytes)
        }
    }

    @Test("a full map is told; what was committed stays readable, and smaller writes go on")
    func mapFull() throws {
        let environment = try LMDBEnvironment(path: folder.path, options: .init(mapSize: 1 << 20))
        let database = try environment.database()
        try environment.write([Record("kept", "yes")], to: database)
        let large = [UInt8](repeating: 1, count: 100_000)
        let code = fault { () throws(LMDBError) in
            try environment.write((0..<20).map { Record(key: [$0], value: large) }, to: database)
        }
        #expect(code == .mapFull)
        #expect(try environment.committed(database) == [Record("kept", "yes")])
        try environment.write([Record("more", "yes")], to: database)
        #expect(try environment.committed(database).count == 2)
        let usage = environment.usage
        #expect(usage.mapSize == 1 << 20)
        #expect(usage.used > 0 && usage.used <= usage.mapSize)
    }

    @Test("a write after a failed one in the same transaction is refused, and so is its commit")
    func brokenTransaction() throws {
        let environment = try LMDBEnvironment(path: folder.path, options: .init(mapSize: 1 << 18))
        let database = try environment.database()
        var transaction = try environment.beginWrite()
        let large = [UInt8](repeating: 1, count: 1 << 20)
        var codes: [LMDBError.Code] = []
        do throws(LMDBError) { try transaction.put(large.span, for: [1].span, in: database) } catch {
            codes.append(error.code)
        }
        do throws(LMDBError) { try transaction.put([1].span, for: [2].span, in: database) } catch {
            codes.append(error.code)
        }
        do throws(LMDBError) { try transaction.commit() } catch { codes.append(error.code) }
        #expect(codes == [.mapFull, .badUse, .badUse])
        #expect(try environment.committed(database).isEmpty)
    }

    @Test("keys of 1 to 511 bytes are taken, and no others")
    func keySizes() throws {
        let environment = try LMDBEnvironment(path: folder.path)
        let database = try environment.database()
        func writing(_ count: Int) -> LMDBError.Code? {
            fault { () throws(LMDBError) in
                try environment.write([Record(key: [UInt8](repeating: 7, count: count), value: [1])], to: database)
            }
        }
        #expect(writing(1) == nil)
        #expect(writing(511) == nil)
        #expect(writing(0) == .badUse)
        #expect(writing(512) == .badUse)
        let reader = try environment.beginRead()
        let found = try reader.copy([UInt8](repeating: 7, count: 511), database)
        let missing = try reader.copy([UInt8](repeating: 7, count: 512), database)
        #expect(found == [1] && missing == nil)
        var code: LMDBError.Code?
        do throws(LMDBError) { _ = try reader.copy([], database) } catch { code = error.code }
        #expect(code == .badUse)
    }

    @Test("an environment opened for reading reads and does not write, and needs its databases to be there")
    func readOnly() throws {
        let options = LMDBEnvironment.Options(isReadOnly: true)
        #expect(opening(folder.path, options) == .noSuchFile)
        do {
            let environment = try LMDBEnvironment(path: folder.path)
            try environment.write([Record("k", "v")], to: environment.database())
        }
        let environment = try LMDBEnvironment(path: folder.path, options: options)
        #expect(environment.isReadOnly)
        let database = try environment.database()
        #expect(try environment.committed(database) == [Record("k", "v")])
        #expect(fault { () throws(LMDBError) in _ = try environment.beginWrite() } == .permissionDenied)
        #expect(fault { () throws(LMDBError) in _ = try environment.database("missing") } == .corrupted)
        #expect(try environment.committed(database) == [Record("k", "v")])
    }

    @Test("more databases than were asked for are refused")
    func tooManyDatabases() throws {
        let environment = try LMDBEnvironment(path: folder.path, options: .init(databases: 2))
        #expect(fault { () throws(LMDBError) in _ = try environment.databases(["a", "b", "c"]) } == .badUse)
        #expect(fault { () throws(LMDBError) in _ = try environment.databases(["a", "b"]) } == nil)
    }

    @Test("more readers at once than were asked for are refused, and taken when one ends")
    func tooManyReaders() throws {
        var options = LMDBEnvironment.Options()
        options.readers = 2
        let environment = try LMDBEnvironment(path: folder.path, options: options)
        let database = try environment.database()
        let first = try environment.beginRead()
        do {
            let second = try environment.beginRead()
            #expect(fault { () throws(LMDBError) in _ = try environment.beginRead() } == .readersFull)
            let count = try second.count(of: database)
            #expect(count == 0)
        }
        #expect(fault { () throws(LMDBError) in _ = try environment.beginRead() } == nil)
        let count = try first.count(of: database)
        #expect(count == 0)
        #expect(environment.removeStaleReaders() == 0)
    }

    @Test("an error says what was being done and what LMDB said")
    func description() throws {
        let path = folder.path("missing")
        #expect {
            _ = try LMDBEnvironment(path: path)
        } throws: { error in
            "\(error)" == "LMDB, open \(path): No such file or directory"
        }
    }
}
