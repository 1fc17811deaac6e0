/// What automations may not exceed. Fixed, so that every node comes to the same.
public enum AutomationLimits {
    /// The most reactions to one event.
    public static let reactions = 64
    /// The most bytes of an object's state, and of the data of an event that is to be appended.
    public static let stateBytes = 65_536
    public static let dataBytes = 49_152
    /// The most bytes of a timer's name.
    public static let nameBytes = 64
}
