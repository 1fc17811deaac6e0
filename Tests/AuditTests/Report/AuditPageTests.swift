import Audit
import EventLog
import Exchange
import Foundation
import TestSupport
import Testing

@Suite("Audit report: the page in a browser")
struct AuditPageTests {
    /// A Chromium by one of its names, or nil.
    private static let browser = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].lazy
        .flatMap { name in ["/usr/bin/", "/usr/local/bin/", "/snap/bin/"].map { $0 + name } }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(
        "It opens without network, its style is allowed by its own policy, and it prints",
        .enabled("no Chromium here: what a browser makes of the page was not looked at", { browser != nil }))
    func prints() async throws {
        let lab = try await PortLab()
        defer { lab.close() }
        try await lab.playDay()
        let report = try await AuditReportTests.report(lab)
        let folder = try TemporaryFolder()
        try Data(report.html).write(to: URL(fileURLWithPath: folder.path("report.html")))
        func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(fileURLWithPath: try #require(Self.browser))
            process.arguments =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND",
                    "--user-data-dir=" + folder.path("profile"), "--enable-logging=stderr",
                ] + arguments
                + ["file://" + folder.path("report.html")]
            let log = folder.path("log")
            _ = FileManager.default.createFile(atPath: log, contents: nil)
            process.standardError = FileHandle(forWritingAtPath: log)
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (process.terminationStatus, data)
        }
        let dumped = try run(["--dump-dom"])
        let page = String(decoding: dumped.output, as: UTF8.self)
        #expect(dumped.status == 0 && page.contains("稽查报告") && page.hasSuffix("</html>\n"))
        let printed = try run(["--no-pdf-header-footer", "--print-to-pdf=" + folder.path("report.pdf")])
        let pdf = try Data(contentsOf: URL(fileURLWithPath: folder.path("report.pdf")))
        #expect(printed.status == 0 && pdf.starts(with: Data("%PDF-".utf8)) && pdf.count > 20_000)
        let log = try String(contentsOfFile: folder.path("log"), encoding: .utf8)
        #expect(!log.contains("Content Security Policy"), "\(log)")
    }
}
