/// How large an imported event may be, below the limits of the log.
public enum EventLimits {
    /// The most bytes of an event. An entry adds its tags, and must stay below 65,535 bytes.
    public static let eventBytes = 60_000

    /// The most tags of an event; objects beyond are still in its data, and a warning says how many.
    public static let tags = 256

    /// The most bytes of a subject.
    public static let subjectBytes = 255

    /// The most bytes of an id.
    public static let idBytes = 255
}
