/// What one caller may take of the server.
public struct ServerLimits: Sendable, Hashable {
    /// The most bytes of a body that is read as a whole.
    public var bodyBytes = 16 << 20
    /// How many requests a second an agency may make on the average, and how many at once beyond it.
    public var requestsPerSecond = 50_000
    public var burst = 100_000
    /// How many requests a second all of the public may make together.
    public var publicRequestsPerSecond = 200
    /// How many answers without end an agency may have open, and the public together.
    public var streams = 1_000
    public var publicStreams = 50
    /// How many connections there may be at once; further ones wait to be accepted.
    public var connections = 20_000
    /// After how many seconds a connection is closed on which no request comes, or no part of one.
    public var idleSeconds = 60
    /// After how many seconds a body must have come as a whole.
    public var bodySeconds = 60
    /// After how many seconds a connection is closed whose reader takes nothing.
    public var stallSeconds = 60
    /// How many seconds what is under way gets to end when the server stops.
    public var shutdownSeconds = 20

    public init() {}
}
