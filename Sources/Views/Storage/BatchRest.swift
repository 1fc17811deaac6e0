internal import EventLog

/// What a batch comes to beside its rows, which comes into the view with the last of them.
struct BatchRest {
    var tallies: [TallySums] = []
    var origins: [Origin] = []
    /// Positions that were skipped.
    var skipped: [Position] = []
    /// A position that was skipped and is no longer.
    var mended: Position?
    /// How far the view comes by it; nil if that is not known yet.
    var meta: ViewMeta?
}
