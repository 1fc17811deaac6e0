import JSON
import JSONSchema
import TestSupport
import Testing

@Suite("The JSON Schema Test Suite, draft 2020-12", .enabled(if: Suite.isPresent, "vectors/json-schema is not shared"))
struct VectorTests {
    @Test("every required test", arguments: Suite.files())
    func required(_ file: String) throws {
        try check(file, SchemaRegistry.Options(assertsFormats: false))
    }

    /// Optional files that are not done, and why.
    static let skipped = [
        "cross-draft.json": "refers to a schema of draft 2019-09; only 2020-12 is read",
        "dependencies-compatibility.json": "“dependencies” was replaced in draft 2019-09",
    ]

    @Test("every optional test but those of formats", arguments: Suite.files("/optional"))
    func optional(_ file: String) throws {
        if let reason = Self.skipped[file] { return try skip("optional/" + file, reason) }
        try check("optional/" + file, SchemaRegistry.Options(assertsFormats: false))
    }

    /// Formats that are not known here.
    static let unknownFormats: Set<String> = [
        "hostname.json", "idn-email.json", "idn-hostname.json", "iri-reference.json", "iri.json",
        "relative-json-pointer.json", "uri-template.json",
    ]

    @Test("every test of the formats known here", arguments: Suite.files("/optional/format"))
    func formats(_ file: String) throws {
        let path = "optional/format/" + file
        if Self.unknownFormats.contains(file) { return try skip(path, "a format that is not known here") }
        try check(path, SchemaRegistry.Options(assertsFormats: true, refusesUnknownFormats: false))
    }

    @Test("the suite is as large as it was when these tests were written, or larger")
    func size() {
        #expect(Suite.files().count >= 46)
        #expect(Suite.files("/optional").count >= 13)
        #expect(Suite.files("/optional/format").count >= 20)
    }

    private func check(_ path: String, _ options: SchemaRegistry.Options) throws {
        let outcome = try Suite.run(path, options)
        for failure in outcome.failures { Issue.record("\(failure)") }
        #expect(outcome.passed > 0)
        let skipped = outcome.skipped.map { ", \($0.value) skipped: \($0.key)" }.joined()
        print("json-schema \(path): \(outcome.passed) passed\(skipped)")
    }

    private func skip(_ path: String, _ reason: String) throws {
        let count = try Suite.groups(path).map(\.tests.count).reduce(0, +)
        print("json-schema \(path): 0 passed, \(count) skipped: \(reason)")
    }
}
