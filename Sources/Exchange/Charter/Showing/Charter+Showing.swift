public import EventLog
import JSON

extension Charter {
    /// All values, in the order of the kinds and in each of the names.
    ///
    /// - Parameter time: When they hold; nil for the last word on everything, also if it has ended or is to come.
    /// - Complexity: O(*n* log *n*) in their number.
    public func values(at time: Timestamp? = nil) -> [CharterValue] {
        CharterKind.allCases.flatMap { values(of: $0, at: time) }
    }

    /// The values of a kind, as ``values(at:)``.
    public func values(of kind: CharterKind, at time: Timestamp? = nil) -> [CharterValue] {
        switch kind {
        case .amendment: [.amendment(time.map { amendmentRule(at: $0) } ?? amendment.last)]
        case .agency: agencies.all(at: time).map { .agency($0) }
        case .officer: officers.all(at: time).map { .officer($0) }
        case .key: keys.all(at: time).map { .key($0) }
        case .power: powers.all(at: time).map { .power($0) }
        case .source: sources.all(at: time).map { .source($0) }
        case .schema: schemas.all(at: time).map { .schema($0) }
        case .rule: rules.all(at: time).map { .rule($0) }
        case .purpose: purposes.all(at: time).map { .purpose($0) }
        case .personalTag: personalTags.all(at: time).map { .personalTag($0) }
        case .deadlines: [.deadlines(time.map { deadlines(at: $0) } ?? deadlines.last)]
        }
    }

    /// The charter as JSON, in the form of a founding charter's data without signatures.
    ///
    /// - Parameter time: As for ``values(at:)``.
    public func json(at time: Timestamp? = nil) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 16_384)
        writer.object { writer in
            for kind in CharterKind.allCases {
                let values = values(of: kind, at: time)
                writer.key(kind.member)
                if kind.isSingle, let value = values.first {
                    value.write(to: &writer)
                } else {
                    writer.array { for value in values { value.write(to: &$0) } }
                }
            }
        }
        return writer.bytes
    }

    /// The charter for a person: a line for each kind, and under it one for each value, indented; of schemas no document.
    ///
    /// - Parameter time: As for ``values(at:)``.
    public func text(at time: Timestamp? = nil) -> String {
        var text = "charter of \(origin), position \(position), recorded \(recorded)\n"
        for kind in CharterKind.allCases {
            let values = values(of: kind, at: time)
            guard !values.isEmpty else { continue }
            text += kind.member + "\n" + values.map { "  \($0)\n" }.joined()
        }
        return text
    }
}

/// One line for a person.
extension CharterValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .amendment(let rule):
            "\(rule.threshold) of \(rule.agencies.count): \(rule.agencies.joined(separator: ", "))"
        case .agency(let agency):
            "\(agency.code) \(agency.title), \(agency.kind.rawValue)"
                + (agency.into.map { ", merged into \($0)" } ?? "") + agency.validity.phrase
        case .officer(let officer):
            "\(officer.name): " + officer.roles.map { $0.role + $0.validity.phrase }.joined(separator: "; ")
        case .key(let key):
            "\(key.id) of \(key.agency)" + key.validity.phrase + (key.revoked.map { ", revoked \($0)" } ?? "")
        case .power(let power):
            "\(power.id): \(power.agency) may append \(power.types.joined(separator: ", "))"
                + (power.ports.map { " at \($0.joined(separator: ", "))" } ?? "") + power.validity.phrase
        case .source(let source):
            "\(source.prefix) of \(source.agency)" + source.validity.phrase
        case .schema(let schema):
            "\(schema.uri) for \(schema.type), \(schema.document.count) bytes"
                + (schema.replaces.map { ", replaces \($0.uri) by \($0.upcaster)" } ?? "") + schema.validity.phrase
        case .rule(let rule):
            "\(rule.id): \(rule.effect.rawValue) \(rule.fields.phrase) to \(rule.readers.phrase)"
                + (rule.purposes.isEmpty ? "" : " for \(rule.purposes.joined(separator: ", "))")
                + (rule.needsCase ? " in a named case" : "") + rule.validity.phrase
        case .purpose(let purpose):
            "\(purpose.code) (version \(purpose.version)) \(purpose.title)" + (purpose.isSecret ? ", secret" : "")
                + purpose.validity.phrase
        case .personalTag(let tag):
            tag.kind + tag.validity.phrase
        case .deadlines(let deadlines):
            "working days: \(deadlines.check) to check, \(deadlines.answer) to answer, "
                + "\(deadlines.answerUnpublished) if unpublished"
        }
    }
}

extension Validity {
    /// How it is told after what it is the validity of.
    fileprivate var phrase: String {
        (from.map { ", from \($0)" } ?? "") + (to.map { ", until \($0)" } ?? "")
    }
}

extension FieldSelector {
    fileprivate var phrase: String {
        let aspects = [types, owners.map { "of \($0)" }, compartments, classes.map(\.rawValue), pointers]
        let told = aspects.filter { !$0.isEmpty }.map { $0.joined(separator: " or ") }
        return told.isEmpty ? "all fields" : "fields (\(told.joined(separator: "; ")))"
    }
}

extension ReaderSelector {
    fileprivate var phrase: String {
        let aspects = [kinds.map(\.rawValue), agencies, roles]
        let told = aspects.filter { !$0.isEmpty }.map { $0.joined(separator: " or ") }
        return (told.isEmpty ? "all readers" : told.joined(separator: "; ")) + (addressed ? " that are addressed" : "")
    }
}
