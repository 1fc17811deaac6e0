import EventLog
import JSON
import Logging

/// Log lines as JSON, one each, on standard error.
struct LineLog: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var json = JSONWriter()
        json.object { json in
            json.member("time", Timestamp.now().description)
            json.member("level", event.level.rawValue)
            json.member("message", event.message.description)
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            for key in all.keys.sorted() { json.member(key, all[key]?.description ?? "") }
        }
        Terminal.say(String(decoding: json.bytes, as: UTF8.self))
    }
}
