/// How much an automation takes in with one transaction: what a batch takes must fit in memory.
struct AutomationBatch: Sendable {
    /// The most entries.
    var events = 512
    /// The most timers that go off before them.
    var timers = 4_096
    /// Of states, and of the data of what is to be appended, so many bytes and what one more event brings.
    var bytes = 32 << 20
}
