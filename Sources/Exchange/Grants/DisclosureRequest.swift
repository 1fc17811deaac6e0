public import EventLog

/// An agency asks another for fields (`disclosure.requested`). Its detailed grounds are sealed and not read here.
public struct DisclosureRequest: Sendable, Hashable {
    public let scope: DisclosureScope
    /// The position of the request for assistance it is made under; what is granted then ends with it.
    public let assistance: Position?

    public init(_ scope: DisclosureScope, under assistance: Position? = nil) {
        self.scope = scope
        self.assistance = assistance
    }
}

extension DisclosureRequest {
    init(_ data: EventDataReader) throws(ExchangeError) {
        _ = try data.text("purposeDetail", atMost: DisclosureEvent.detailBytes)
        self.init(try DisclosureScope(data), under: try data.position("assistance"))
    }
}
