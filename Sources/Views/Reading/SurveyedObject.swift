/// An object of a survey: its name, and its facts as nobody is denied them.
public struct SurveyedObject: Sendable, Hashable {
    /// As entries have it: that of a person is blinded.
    public let name: String
    /// In the order of positions. A value that a schema marks is ``FactValue/missing``.
    public let facts: [Fact]
}
