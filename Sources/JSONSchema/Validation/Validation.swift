import JSON

/// One run of a program over one parsed text.
///
/// Every method that tests returns whether the value is valid. Unless violations are collected, it returns at the first
/// fault, so a run that only decides allocates nothing but the list of what was evaluated, where one is needed.
struct Validation: ~Copyable, ~Escapable {
    enum Fault {
        case tooDeep, tooMuchWork
    }

    /// What stands in ``evaluated`` if all members or elements were evaluated.
    static let all = UInt32.max

    private let reference: Program.Reference
    let nodes: Span<JSONTape.Node>
    let bytes: Span<UInt8>
    let subschemas: Span<Subschema>
    let instructions: Span<Instruction>
    let objects: Span<ObjectPlan>
    let properties: Span<ObjectPlan.Property>
    let lists: Span<Int>
    let slots: Span<Int32>
    let keys: Span<KeyStore.Key>
    let keyBytes: Span<UInt8>
    let patterns: Span<RegularExpression>
    private let isDynamic: Bool
    let limits: CompiledSchema.Limits
    let tape: JSONTape

    /// Whether violations are noted at present; not while alternatives are tried.
    var collects: Bool
    var violations: [SchemaViolation] = []
    private(set) var fault: Fault?
    private var depth = 0
    private var applications = 0
    /// The nodes of members' keys and of elements that have been evaluated, of the values that are being looked at.
    var evaluated: [UInt32] = []
    /// The resources through which the present schema was reached, the outermost first.
    private(set) var scope: [Int32] = []

    /// - Parameter reference: The same program, for what is not needed for every value.
    @_lifetime(borrow program, borrow tape, copy bytes)
    init(
        _ program: borrowing Program, _ reference: Program.Reference, _ tape: borrowing JSONTape,
        _ bytes: Span<UInt8>, _ limits: CompiledSchema.Limits, collects: Bool
    ) {
        self.reference = reference
        self.tape = copy tape
        nodes = tape.nodes.span
        self.bytes = bytes
        subschemas = program.subschemas.span
        instructions = program.instructions.span
        objects = program.objects.span
        properties = program.properties.span
        lists = program.lists.span
        slots = program.keys.slots.span
        keys = program.keys.keys.span
        keyBytes = program.keys.bytes.span
        patterns = program.patterns.span
        isDynamic = program.isDynamic
        self.limits = limits
        self.collects = collects
    }

    var program: Program { reference.program }

    /// Applies a schema to a value.
    ///
    /// - Parameters:
    ///   - index: The schema.
    ///   - at: The node of the value.
    ///   - tracks: Whether what is evaluated has to be remembered for a schema around this one. If the value is invalid,
    ///     nothing is.
    mutating func evaluate(_ index: Int, at: Int, tracks: Bool) -> Bool {
        guard index != Subschema.everything else { return true }
        applications += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.maximumDepth, applications <= limits.maximumApplications, fault == nil else {
            if fault == nil { fault = depth > limits.maximumDepth ? .tooDeep : .tooMuchWork }
            return false
        }
        let schema = subschemas[index]
        let isEntered = isDynamic && scope.last != schema.resource
        if isEntered { scope.append(schema.resource) }
        defer { if isEntered { scope.removeLast() } }

        let start = evaluated.count
        let seesUnevaluated = schema.unevaluatedProperties >= 0 || schema.unevaluatedItems >= 0
        let isValid = test(schema, index, at, tracks: tracks || seesUnevaluated, from: start)
        if evaluated.count > start, !tracks || !isValid { evaluated.removeLast(evaluated.count - start) }
        return isValid
    }

    /// Makes all tests of a schema.
    private mutating func test(_ schema: Subschema, _ index: Int, _ at: Int, tracks: Bool, from start: Int) -> Bool {
        let kind = nodes[at].kind
        if schema.types & Subschema.bit(kind) == 0, !(schema.takesIntegralNumbers && isIntegral(at)) {
            note(
                schema.isFalse ? .nothing : .types(schema.types, takesIntegralNumbers: schema.takesIntegralNumbers),
                index, at)
            return false
        }
        var isValid = true
        switch kind {
        case .integer, .number:
            if schema.numbers < schema.strings {
                isValid = testNumber(Int(schema.numbers)..<Int(schema.strings), index, at)
            }
        case .string:
            if schema.strings < schema.objects {
                isValid = testString(Int(schema.strings)..<Int(schema.objects), index, at)
            }
        case .object:
            if schema.object >= 0 { isValid = testObject(Int(schema.object), index, at, tracks) }
            for step in Int(schema.objects)..<Int(schema.general) where isValid || collects {
                if !testMembers(instructions[step], index, at, tracks) { isValid = false }
            }
        case .array:
            if schema.array >= 0 { isValid = testArray(Int(schema.array), index, at, tracks) }
        case .null, .true, .false:
            break
        }
        for step in Int(schema.general)..<Int(schema.end) {
            guard isValid || collects else { return false }
            if !testValue(instructions[step], index, at, tracks) { isValid = false }
        }
        // If something is wrong already, what it would have evaluated is not known.
        guard isValid else { return false }
        if kind == .object, schema.unevaluatedProperties >= 0 {
            return testUnevaluated(Int(schema.unevaluatedProperties), at, from: start, isObject: true)
        }
        if kind == .array, schema.unevaluatedItems >= 0 {
            return testUnevaluated(Int(schema.unevaluatedItems), at, from: start, isObject: false)
        }
        return true
    }

    private func isIntegral(_ at: Int) -> Bool {
        guard nodes[at].kind == .number else { return false }
        return NumberText.isIntegral(NumberText.double(text(at)))
    }

    /// The text of a number, or of a string without escapes.
    @inline(__always)
    @_lifetime(copy self)
    func text(_ at: Int) -> Span<UInt8> {
        let bytes = bytes
        let node = nodes[at]
        return bytes.extracting(Int(node.offset)..<Int(node.offset) + Int(node.length))
    }

    /// Applies a schema without noting violations, to see whether it holds.
    mutating func holds(_ index: Int, at: Int, tracks: Bool) -> Bool {
        let collected = collects
        collects = false
        defer { collects = collected }
        return evaluate(index, at: at, tracks: tracks)
    }
}
