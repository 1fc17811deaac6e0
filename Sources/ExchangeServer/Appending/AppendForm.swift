internal import ExchangeProtocol
internal import HTTPTypes

/// In which form events are handed in (CloudEvents HTTP protocol binding 1.0, section 3, and newline-delimited JSON).
enum AppendForm: Sendable, Hashable {
    /// One event as the body.
    case structured
    /// One event as headers, its data as the body, of this type.
    case binary(String)
    /// An array of events, appended together or not at all.
    case batch
    /// An event a line, each on its own.
    case lines

    init(_ call: Call) throws(Problem) {
        switch call.contentType {
        case MediaType.event: self = .structured
        case MediaType.events: self = .batch
        case MediaType.lines: self = .lines
        case let other:
            guard call.headers[EventHeaders.name("specversion")] != nil else {
                throw Problem(
                    415, "unsupportedMediaType", "The media type is not taken",
                    "Send \(MediaType.event) for one event, \(MediaType.events) for an array, \(MediaType.lines) for an event a "
                        + "line, or the event's attributes as ce- headers.")
            }
            self = .binary(other ?? MediaType.json)
        }
    }
}
