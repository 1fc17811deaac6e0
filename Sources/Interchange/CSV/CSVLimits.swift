/// How much of a CSV file is taken in at once, and what is refused for its size.
public enum CSVLimits {
    /// The most bytes of a record, quoted line breaks included.
    public static let recordBytes = 65_536

    /// The most columns of a record.
    public static let columns = 256

    /// The most rows of a batch.
    public static let rowsPerBatch = 1_000

    /// How many bytes are read from the file at a time.
    static let chunkBytes = 262_144
}
