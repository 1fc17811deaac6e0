import Foundation
import Testing

private let hasStrace = FileManager.default.isExecutableFile(atPath: "/usr/bin/strace")

@Suite("What a rebuilt view has on the disk before it is the view")
struct ViewSyncTests {
    @Test(
        "Everything written to the files beside the old view is synced before they change places",
        .enabled(if: hasStrace, "strace is missing"))
    func order() async throws {
        let workspace = try await Workspace.withAgencies()
        try await workspace.declare(1...40)
        _ = try await workspace.succeed("view", "rebuild", "timeline")
        let calls = "write,writev,pwrite64,pwritev,fsync,fdatasync,msync,renameat2,rename"
        let traced = try await workspace.shell(
            "strace -f -y -s 0 -e trace=\(calls) -o trace.txt \"$SANHU\" view rebuild timeline")
        guard traced.status == 0 else {
            // Some machines let nobody trace.
            try #require(traced.errors.contains("ptrace"), "\(traced)")
            print("skipped: strace may not trace here")
            return
        }
        let trace = try String(contentsOfFile: workspace.path("trace.txt"), encoding: .utf8)
        let lines = trace.split(separator: "\n").filter { $0.contains("timeline.1.shadow") }
        let exchange = try #require(lines.firstIndex { $0.contains("rename") }, "\(lines.suffix(20))")
        let files = lines[..<exchange].filter { $0.contains("data.mdb>") }
        let written = try #require(files.lastIndex { $0.contains("write") }, "nothing was written")
        #expect(
            files[written...].contains { $0.contains("sync(") || $0.contains("fdatasync") },
            "\(files.suffix(10).joined(separator: "\n"))")
        // Rows and the record of how far they go were written at all.
        #expect(files.count { $0.contains("write") } >= 2)
    }
}
