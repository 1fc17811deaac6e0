public import JSON

/// A schema compiled into a program that validates parsed texts. It does no I/O and may be used from many tasks at once.
public struct CompiledSchema: Sendable {
    /// What one validation may not exceed.
    public struct Limits: Sendable, Hashable {
        /// The most violations reported; at least one is.
        public var maximumViolations = 32
        /// How deep schemas may apply one another; a value in a value takes one level or more.
        public var maximumDepth = 512
        /// How often schemas may be applied to values.
        public var maximumApplications = 1_000_000

        public init(maximumViolations: Int = 32, maximumDepth: Int = 512, maximumApplications: Int = 1_000_000) {
            self.maximumViolations = maximumViolations
            self.maximumDepth = maximumDepth
            self.maximumApplications = maximumApplications
        }
    }

    let program: Program
    private let reference: Program.Reference

    init(_ program: Program) {
        self.program = program
        reference = Program.Reference(program)
    }

    /// How many schemas were compiled, each once however often it is referred to.
    public var schemaCount: Int { program.subschemas.count }

    /// Whether a parsed text is valid.
    ///
    /// - Parameters:
    ///   - tape: The parsed text.
    ///   - bytes: The text it was parsed from.
    ///   - node: The value that is validated; by default the whole text.
    /// - Throws: ``SchemaError`` with code `.tooDeep` or `.tooMuchWork`.
    /// - Complexity: O(*n*) in the size of the text for each schema that is applied to the same value; no allocation
    ///   for texts without escapes, but for `uniqueItems` of more than eight elements, equal objects, and where a schema
    ///   with `unevaluatedItems` or `unevaluatedProperties` beside other applicators must remember what was evaluated.
    public func isValid(
        _ tape: JSONTape, _ bytes: Span<UInt8>, at node: Int = 0, limits: Limits = Limits()
    ) throws(SchemaError) -> Bool {
        try run(tape, bytes, at: node, limits, collects: false).isValid
    }

    /// Validates a parsed text and says what is wrong with it.
    ///
    /// A text is first validated without noting anything; only if it is invalid, it is gone through again.
    ///
    /// - Returns: What violates the schema, in the order it is come upon; empty if the text is valid.
    /// - Throws: ``SchemaError`` with code `.tooDeep` or `.tooMuchWork`.
    /// - Complexity: That of ``isValid(_:_:limits:)``, twice if the text is invalid, and O(*n*) for each violation.
    public func validate(
        _ tape: JSONTape, _ bytes: Span<UInt8>, limits: Limits = Limits()
    ) throws(SchemaError) -> [SchemaViolation] {
        guard try !isValid(tape, bytes, limits: limits) else { return [] }
        return try run(tape, bytes, limits, collects: true).violations
    }

    func run(
        _ tape: JSONTape, _ bytes: Span<UInt8>, at node: Int = 0, _ limits: Limits, collects: Bool
    ) throws(SchemaError) -> (isValid: Bool, violations: [SchemaViolation]) {
        var validation = Validation(program, reference, tape, bytes, limits, collects: collects)
        let isValid = validation.evaluate(program.root, at: node, tracks: false)
        if let fault = validation.fault { throw error(fault, limits) }
        return (isValid, validation.violations)
    }

    private func error(_ fault: Validation.Fault, _ limits: Limits) -> SchemaError {
        let location = program.places[program.root].location
        return switch fault {
        case .tooDeep:
            SchemaError(
                .tooDeep, at: location, "Schemas apply one another over \(limits.maximumDepth) levels deep.",
                remedy: "Nest the text less deeply, or refer less often from schema to schema.")
        case .tooMuchWork:
            SchemaError(
                .tooMuchWork, at: location,
                "Schemas would be applied to the text over \(limits.maximumApplications) times.",
                remedy: "Send a smaller text, or a schema with fewer alternatives.")
        }
    }
}
