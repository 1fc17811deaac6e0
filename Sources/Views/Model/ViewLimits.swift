/// What views may not exceed. Fixed, so that every node comes to the same rows.
public enum ViewLimits {
    /// The most bytes of a view's name.
    public static let nameBytes = 64
    /// The most facts, lookups and tallies that one entry gives, together.
    public static let rowsPerEntry = 4_096
    /// The most values of a fact, and the most bytes of all of them.
    public static let valuesPerFact = 24
    public static let factBytes = 4_096
    /// The most bytes of the name of an object, and of the key of a tally.
    public static let objectBytes = 255
    public static let tallyBytes = 255
    /// The most bytes of the key of a lookup.
    public static let lookupBytes = 200
    /// The most facts of an object that are read at once, the most objects that a lookup finds, and the most tallies of one
    /// read.
    public static let factsPerRead = 100_000
    public static let objectsPerLookup = 1_000
    public static let talliesPerRead = 100_000
    /// How many entries may be parked before a view stops, unless its options say otherwise.
    public static let parked = 1_000
    /// The most bytes of the reason that is kept with a parked entry.
    public static let reasonBytes = 500
}
