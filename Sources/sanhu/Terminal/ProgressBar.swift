import Foundation

/// A line on the terminal that says how far something long has come. Shows nothing where there is no terminal.
final class ProgressBar {
    private static let width = 30
    private static let interval = 0.1

    private let title: String
    private let began = Date()
    private var shown = Date.distantPast
    private var isVisible = false

    init(_ title: String) {
        self.title = title
    }

    /// Shows a fraction between 0 and 1, not more often than the eye follows.
    func show(_ fraction: Double, _ detail: String = "") {
        guard Terminal.showsProgress, Date().timeIntervalSince(shown) >= Self.interval else { return }
        shown = Date()
        isVisible = true
        let done = Int(Double(Self.width) * max(0, min(1, fraction)))
        let bar = String(repeating: "█", count: done) + String(repeating: "░", count: Self.width - done)
        let percent = String(format: "%3.0f %%", fraction * 100)
        let rest = fraction > 0.01 ? Date().timeIntervalSince(began) * (1 / fraction - 1) : 0
        let remaining = rest >= 1 ? String(format: "  %.0f s left", rest) : ""
        write("\r\u{1B}[K\(title) \(bar) \(percent)  \(detail)\(remaining)")
    }

    /// Shows how many entries of how many are done.
    func show(_ done: UInt64, _ total: UInt64) {
        show(total > 0 ? Double(done) / Double(total) : 1, "\(done) entries")
    }

    /// Takes the line away.
    func finish() {
        if isVisible { write("\r\u{1B}[K") }
        isVisible = false
    }

    private func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Array(text.utf8))
    }
}
