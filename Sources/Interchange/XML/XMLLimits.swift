/// How much of an XML file is read before it is refused. Customs messages stay far below these limits.
public enum XMLLimits {
    /// The most bytes of a file.
    public static let bytes = 4 * 1024 * 1024

    /// The most elements inside one another.
    public static let depth = 64

    /// The most elements of a file.
    public static let elements = 100_000
}
