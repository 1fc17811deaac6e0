/// What a subscription tells its subscriber.
public enum Signal: Hashable, Sendable {
    /// An event that matches, in the order of positions, each once.
    case event(Entry)
    /// Everything below this position has been seen. Said once each time the subscription reaches the head.
    case caughtUp(Position)
    /// The subscription is over.
    case dropped(DropReason)

    /// Why a subscription ended.
    public enum DropReason: Hashable, Sendable {
        /// The log was closed.
        case closed
        /// Reading failed; resume after the last event once the cause is mended.
        case failed(LogError)
    }
}
