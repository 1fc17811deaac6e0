/// What became of one file, said once per file when the importer has done with it.
public struct FileOutcome: Hashable, Sendable {
    /// How an importer may end with a file.
    public enum Status: Hashable, Sendable {
        /// Its content was mapped: to an event, or, if another file says the same, to the event of that file.
        case imported

        /// Nothing of it was mapped; an ``ImportItem/refused(_:)`` says why.
        case refused
    }

    /// The path of the file, as it was found under the paths given.
    public let file: String

    public let status: Status

    public init(file: String, status: Status) {
        self.file = file
        self.status = status
    }
}
