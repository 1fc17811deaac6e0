public import EventLog
internal import Foundation
internal import Transparency

extension ExchangeLedger {
    /// Places a legal hold: until it is lifted, the subject may not be erased. It may be one of which nothing is known yet.
    ///
    /// - Parameters:
    ///   - subject: Its name as it stands in the data; only blinded does it come into the log.
    ///   - caseName: The case for which the data are kept.
    ///   - id: The event's id, so that a retry is the same hold; nil for one of its own.
    /// - Returns: Its position, by which it is lifted.
    /// - Throws: ``ExchangeError``: `.subjectErased`, and as ``append(_:as:)``.
    public func hold(
        _ subject: String, case caseName: String, _ grounds: ErasureGrounds, id: String? = nil, as agency: String
    ) async throws(ExchangeError) -> Position {
        let event = ErasureEvent.holdPlaced(
            subject: try keys.blinded(Self.subject(subject)), caseName: caseName, basis: grounds.basis)
        return try await append(event, grounds, id, agency)
    }

    /// Lifts a legal hold. Only the agency that placed it may, or its successor.
    ///
    /// - Parameter position: Where it was placed.
    /// - Returns: Where it was lifted.
    /// - Throws: ``ExchangeError``: `.unknownHold` if there is none in force, `.notOwner`, and as ``append(_:as:)``.
    public func liftHold(
        at position: Position, _ grounds: ErasureGrounds, id: String? = nil, as agency: String
    ) async throws(ExchangeError) -> Position {
        try await append(.holdLifted(hold: position), grounds, id, agency)
    }

    private func append(
        _ event: ErasureEvent, _ grounds: ErasureGrounds, _ id: String?, _ agency: String
    ) async throws(ExchangeError) -> Position {
        let origin = try current { state throws(ExchangeError) in
            try Self.origin(of: event.kind, grounds, agency, state)
        }
        let text = event.event(id: id ?? UUID().uuidString, source: origin.source, schema: origin.schema, grounds)
        guard let receipt = try await append([AgencyEvent(text)], as: agency).first else {
            throw ExchangeError(.log, "The log gave no receipt.")
        }
        return receipt.position
    }

    /// Which subjects have been erased, and which holds there are.
    public func erasures() throws(ExchangeError) -> ErasureRegister {
        try current { state throws(ExchangeError) in state.erasures }
    }
}

extension ErasureRegister {
    /// What a log says of erasures and holds, for whoever has no key.
    ///
    /// - Throws: ``ExchangeError``: `.log`, `.notFounded` if the log has no charter.
    public init(folding log: Log) throws(ExchangeError) {
        var state = ExchangeState(of: log)
        try state.fold(log)
        _ = try state.charter()
        self = state.erasures
    }

    /// The holds in force on a subject, or on all; or also those that were lifted.
    public func holds(on subject: KeySubject? = nil, in keys: KeyStore? = nil, lifted: Bool) throws(ExchangeError)
        -> [Hold]
    {
        let blinded = try subject.flatMap { subject throws(ExchangeError) in try keys?.blinded(subject) }
        return holds.filter { (lifted || $0.lifted == nil) && (blinded == nil || $0.subject == blinded) }
    }
}
