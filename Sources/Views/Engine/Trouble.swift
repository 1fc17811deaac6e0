internal import Foundation

/// Why a view goes no further, and when it tries again.
struct Trouble: Sendable {
    private(set) var error: ViewError?
    /// When it tries again; nil if it does not.
    private var until: Date?
    private var pause = GrowingPause()

    /// Whether it tries again.
    var passes: Bool { error != nil && until != nil }

    /// Whether nothing is to be tried now.
    var isHolding: Bool { error != nil && until.map { $0 > Date() } ?? true }

    /// A time, or that at which it tries again if it comes earlier.
    func until(_ time: Date) -> Date { until.map { min($0, time) } ?? time }

    mutating func note(_ error: ViewError) {
        self.error = error
        until = error.mayPass ? Date(timeIntervalSinceNow: pause.next()) : nil
    }
}

extension ViewError {
    /// Whether it is of a kind that somebody, or time, mends without the view being opened again: a full disk, a log that
    /// could not be read.
    var mayPass: Bool {
        switch code {
        case .diskFull, .permissionDenied, .inputOutput, .log, .exchange: true
        default: false
        }
    }
}
