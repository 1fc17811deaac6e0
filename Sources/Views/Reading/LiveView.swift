public import EventLog
public import Exchange

/// A view that is being kept, with its fold step.
public struct LiveView<State: Sendable>: Sendable {
    public let view: View<State>
    public let runner: ViewRunner

    /// The state of an object, of what a reader sees of it.
    ///
    /// - Parameters: As ``ViewRunner/facts(of:for:asOf:at:)``.
    /// - Throws: ``ViewError``.
    public func state(
        of object: String, for reader: Reader, asOf earlier: Timestamp? = nil, at position: Position? = nil
    ) async throws(ViewError) -> State {
        view.state(of: object, from: try await runner.facts(of: object, for: reader, asOf: earlier, at: position))
    }
}
