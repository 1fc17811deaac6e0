import JSON
import TestSupport

@testable import JSONSchema

/// The JSON Schema Test Suite, as it lies in the shared folder.
enum Suite {
    static let folder = "vectors/json-schema"
    static let isPresent = SharedFolder.has(folder + "/draft2020-12")

    /// One schema with its tests.
    struct Group {
        let description: String
        let schema: [UInt8]
        let tests: [(description: String, data: [UInt8], isValid: Bool)]
    }

    /// How a file's tests went.
    struct Outcome {
        var passed = 0
        var failures: [String] = []
        /// The tests that were not done, by the reason.
        var skipped: [String: Int] = [:]
    }

    /// The paths of the files in a folder of the draft, without those in folders below it.
    static func files(_ part: String = "") -> [String] {
        let root = folder + "/draft2020-12" + part
        let paths = (try? SharedFolder.files(under: root, suffix: ".json")) ?? []
        return paths.map { String($0.dropFirst(root.count + 1)) }.filter { !$0.contains("/") }
    }

    static func groups(_ path: String) throws -> [Group] {
        try VectorCutter.elements(SharedFolder.bytes(folder + "/draft2020-12/" + path)).map { text in
            let group = VectorCutter.members(text)
            return Group(
                description: String(decoding: group["description"] ?? [], as: UTF8.self),
                schema: group["schema"] ?? [],
                tests: VectorCutter.elements(group["tests"] ?? []).map { text in
                    let test = VectorCutter.members(text)
                    return (
                        String(decoding: test["description"] ?? [], as: UTF8.self), test["data"] ?? [],
                        test["valid"] == Array("true".utf8)
                    )
                })
        }
    }

    /// A registry that holds the suite's remote schemas.
    static func registry(_ options: SchemaRegistry.Options) throws -> SchemaRegistry {
        var registry = SchemaRegistry(options: options)
        for path in try SharedFolder.files(under: folder + "/remotes", suffix: ".json") {
            let name = path.dropFirst((folder + "/remotes/").count)
            try registry.register(
                JSONDocument(parsing: SharedFolder.bytes(path)), at: "http://localhost:1234/\(name)")
        }
        return registry
    }

    /// Does the tests of one file.
    static func run(_ path: String, _ options: SchemaRegistry.Options) throws -> Outcome {
        let base = try registry(options)
        var outcome = Outcome()
        for group in try groups(path) {
            let name = "\(path): \(group.description)"
            guard let document = parsed(group.schema, name, group.tests.count, &outcome) else { continue }
            let compiled: CompiledSchema
            do throws(SchemaError) {
                var registry = base
                try registry.register(document, at: "https://suite.example/schema")
                compiled = try registry.compile("https://suite.example/schema")
            } catch {
                outcome.failures.append("\(name): \(error.code) \(error)")
                continue
            }
            for test in group.tests {
                guard let data = parsed(test.data, name, 1, &outcome) else { continue }
                let violations = try compiled.validate(data.tape, data.bytes.span)
                let collected = try compiled.run(data.tape, data.bytes.span, .init(), collects: true)
                if violations.isEmpty == test.isValid, collected.isValid == test.isValid,
                    collected.violations == violations
                {
                    outcome.passed += 1
                } else {
                    outcome.failures.append("\(name) / \(test.description): \(violations)")
                }
            }
        }
        return outcome
    }

    /// Parses a text; numbers beyond I-JSON are a reason to skip so many tests.
    private static func parsed(_ text: [UInt8], _ name: String, _ tests: Int, _ outcome: inout Outcome) -> JSONDocument?
    {
        do throws(JSONError) {
            return try JSONDocument(parsing: text)
        } catch {
            if error.code == .numberOutOfRange {
                outcome.skipped["a number beyond ±(2^53−1), which is no I-JSON", default: 0] += tests
            } else {
                outcome.failures.append("\(name): \(error)")
            }
            return nil
        }
    }
}
