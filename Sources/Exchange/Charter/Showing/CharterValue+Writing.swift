import EventLog
import JSON
import Transparency

extension CharterValue {
    /// The value as JSON, compact, in the form in which a charter is read.
    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .amendment(let rule):
                writer.member("threshold", Int64(rule.threshold))
                writer.texts("agencies", rule.agencies)
            case .agency(let agency):
                writer.member("code", agency.code)
                writer.member("title", agency.title)
                writer.member("kind", agency.kind.rawValue)
                writer.validity(agency.validity)
                if let into = agency.into { writer.member("into", into) }
            case .officer(let officer): write(officer, &writer)
            case .key(let key):
                writer.member("id", key.id)
                writer.member("agency", key.agency)
                writer.member("public", Base64.encode(key.publicKey))
                writer.validity(key.validity)
                writer.time("revoked", key.revoked)
            case .power(let power):
                writer.member("id", power.id)
                writer.member("agency", power.agency)
                writer.texts("types", power.types)
                writer.texts("ports", power.ports ?? [])
                writer.validity(power.validity)
            case .source(let source):
                writer.member("prefix", source.prefix)
                writer.member("agency", source.agency)
                writer.validity(source.validity)
            case .schema(let schema): write(schema, &writer)
            case .rule(let rule): write(rule, &writer)
            case .purpose(let purpose):
                writer.member("code", purpose.code)
                writer.member("version", Int64(purpose.version))
                writer.member("title", purpose.title)
                if purpose.isSecret {
                    writer.key("secret")
                    writer.bool(true)
                }
                writer.validity(purpose.validity)
            case .personalTag(let tag):
                writer.member("kind", tag.kind)
                writer.validity(tag.validity)
            case .deadlines(let deadlines): write(deadlines, &writer)
            }
        }
    }

    private func write(_ officer: Officer, _ writer: inout JSONWriter) {
        writer.member("agency", officer.agency)
        writer.member("id", officer.id)
        writer.key("roles")
        writer.array { writer in
            for role in officer.roles {
                writer.object {
                    $0.member("role", role.role)
                    $0.validity(role.validity)
                }
            }
        }
    }

    private func write(_ schema: RegisteredSchema, _ writer: inout JSONWriter) {
        writer.member("uri", schema.uri)
        writer.member("type", schema.type)
        if let old = schema.replaces {
            writer.key("replaces")
            writer.object {
                $0.member("uri", old.uri)
                $0.member("upcaster", old.upcaster)
            }
        }
        writer.validity(schema.validity)
        writer.key("document")
        writer.raw(schema.document)
    }

    private func write(_ rule: SharingRule, _ writer: inout JSONWriter) {
        writer.member("id", rule.id)
        writer.member("effect", rule.effect.rawValue)
        writer.key("readers")
        writer.object {
            $0.texts("kinds", rule.readers.kinds.map(\.rawValue))
            $0.texts("agencies", rule.readers.agencies)
            $0.texts("roles", rule.readers.roles)
            $0.flag("addressed", rule.readers.addressed)
        }
        writer.key("fields")
        writer.object {
            $0.texts("types", rule.fields.types)
            $0.texts("owners", rule.fields.owners)
            $0.texts("compartments", rule.fields.compartments)
            $0.texts("classes", rule.fields.classes.map(\.rawValue))
            $0.texts("pointers", rule.fields.pointers)
        }
        writer.texts("purposes", rule.purposes)
        writer.flag("needsCase", rule.needsCase)
        writer.validity(rule.validity)
    }

    private func write(_ deadlines: DisclosureDeadlines, _ writer: inout JSONWriter) {
        writer.member("check", Int64(deadlines.check))
        writer.member("answer", Int64(deadlines.answer))
        writer.member("answerUnpublished", Int64(deadlines.answerUnpublished))
        writer.member("minutesAheadOfUTC", Int64(deadlines.minutesAheadOfUTC))
        writer.texts("holidays", deadlines.holidays.map(DisclosureDeadlines.date))
        writer.texts("workdays", deadlines.workdays.map(DisclosureDeadlines.date))
    }
}

extension JSONWriter {
    /// Writes a list of strings; an empty one is left out.
    fileprivate mutating func texts(_ name: String, _ texts: [String]) {
        guard !texts.isEmpty else { return }
        key(name)
        array { for text in texts { $0.string(text) } }
    }

    /// Writes what is so; what is not is left out.
    fileprivate mutating func flag(_ name: String, _ flag: Bool) {
        guard flag else { return }
        key(name)
        bool(true)
    }

    fileprivate mutating func time(_ name: String, _ time: Timestamp?) {
        if let time { member(name, time.description) }
    }

    fileprivate mutating func validity(_ validity: Validity) {
        guard validity != Validity() else { return }
        key("validity")
        object {
            $0.time("from", validity.from)
            $0.time("to", validity.to)
        }
    }
}
