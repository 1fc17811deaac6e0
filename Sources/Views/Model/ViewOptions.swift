public import Exchange
internal import Foundation

/// How views are kept.
public struct ViewOptions: Sendable {
    /// What brings events of older versions of their schemas up.
    public var upcasters = Upcasters.standard
    /// How many entries may be parked before a view stops.
    public var maximumParked = ViewLimits.parked
    /// How many bytes of rows are held in memory before they are written: a sixteenth of the machine's memory, from 64 to 512
    /// MiB. Those that come first into an empty view are appended, so the more the better.
    public var batchBytes = min(max(Int(ProcessInfo.processInfo.physicalMemory / 16), 64 << 20), 512 << 20)
    /// The most entries of a batch.
    public var batchEntries = 2_000_000
    /// On how many cores a view catches up and is rebuilt; nil for all.
    public var tasks: Int?
    /// What tests put in the place of the system.
    var probe = ViewProbe()

    public init() {}
}

extension ViewOptions {
    /// How many cores there are.
    static let processors = ProcessInfo.processInfo.activeProcessorCount
}
