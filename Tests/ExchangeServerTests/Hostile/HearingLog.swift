import Logging
import NIOConcurrencyHelpers

/// Writes down all that is logged.
struct HearingLog: LogHandler {
    let heard: NIOLockedValueBox<[String]>
    var logLevel: Logger.Level = .trace
    var metadata: Logger.Metadata = [:]

    init(heard: NIOLockedValueBox<[String]>) { self.heard = heard }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        heard.withLockedValue { $0.append("\(event.level) \(event.message) \(all)") }
    }
}
