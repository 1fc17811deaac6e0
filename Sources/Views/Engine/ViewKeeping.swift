public import EventLog
internal import Foundation
internal import Glibc
internal import JSON

/// What the process that keeps a view says of it. It stands in the view's folder, for others to read; what a process that
/// was killed has left is not believed.
public struct ViewKeeping: Sendable, Hashable {
    /// The word for its state; see ``ViewState/word``.
    public let state: String
    /// Why it goes no further, if it does not.
    public let reason: String?
    /// How far a rebuild has come, if one is under way.
    public let rebuilt: Position?
    /// The number of the process.
    public let process: Int

    init(_ state: ViewState) {
        self.state = state.word
        process = Int(getpid())
        switch state {
        case .stopped(let error), .retrying(let error): (reason, rebuilt) = (error.description, nil)
        case .rebuilding(let position): (reason, rebuilt) = (nil, position)
        case .catchingUp, .live, .parked: (reason, rebuilt) = (nil, nil)
        }
    }

    /// - Returns: nil if it is none, or of a process that is no more.
    init?(_ bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root, let state = root["state"]?.string,
            let process = root["process"]?.integer.flatMap({ Int32(exactly: $0) }), process > 0,
            kill(process, 0) == 0 || errno == EPERM
        else { return nil }
        self.state = state
        self.process = Int(process)
        reason = root["reason"]?.string
        rebuilt = root["rebuilt"]?.integer.flatMap { Position(exactly: $0) }
    }

    fileprivate var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("state", state)
            if let reason { writer.member("reason", reason) }
            if let rebuilt { writer.member("rebuilt", Int64(rebuilt)) }
            writer.member("process", Int64(process))
        }
        return writer.bytes
    }
}

extension ViewFolder {
    private var notePath: String { path + "/keeping.json" }

    /// Writes down how the view is kept; nil that it is no longer. If it cannot be written, nobody is told.
    func noteState(_ keeping: ViewKeeping?) {
        guard let keeping else { return remove(notePath) }
        try? Data(keeping.bytes).write(to: URL(fileURLWithPath: notePath), options: .atomic)
    }

    /// How the view is kept at the moment; nil if it is not.
    var keeping: ViewKeeping? {
        FileManager.default.contents(atPath: notePath).flatMap { ViewKeeping(Array($0)) }
    }
}
