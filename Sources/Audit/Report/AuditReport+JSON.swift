internal import EventLog
internal import Exchange
internal import JSON
internal import Transparency

extension AuditReport {
    /// The version of the form.
    static let version: Int64 = 1

    /// The report as one JSON document: the same for the same report, byte for byte. Each event stands in `entries` as a line of a
    /// verifiable read (docs/verifiable-reads.md), with its proof, which ``AuditReportVerifier`` verifies.
    package var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 64 << 10)
        writer.object { writer in
            writer.member("auditReport", Self.version)
            writeHeading(to: &writer)
            writer.key("counts")
            writer.array { writer in
                for count in counts {
                    writer.object { writer in
                        writer.member("agency", count.agency)
                        writer.member("type", count.type)
                        writer.member("events", Int64(count.events))
                    }
                }
            }
            writer.key("days")
            writer.object { writer in
                for (day, agencies) in days.sorted(by: { $0.key < $1.key }) {
                    writer.key(day)
                    writer.object { writer in
                        for (agency, count) in agencies.sorted(by: { $0.key < $1.key }) {
                            writer.member(agency, Int64(count))
                        }
                    }
                }
            }
            if let rest { writer.member("rest", Int64(clamping: rest)) }
            if isBesideCut {
                writer.key("cut")
                writer.bool(true)
            }
            writer.key("events")
            writer.array { writer in for event in events { write(event, to: &writer) } }
            writer.key("breaches")
            writer.array { writer in for breach in breaches { Self.write(breach, to: &writer) } }
            writeAccesses(to: &writer)
            writer.member("checkpoint", checkpoint.description)
            writer.key("entries")
            writer.array { writer in for event in events { writer.raw(event.line) } }
        }
        writer.endLine()
        return writer.bytes
    }

    private func writeHeading(to writer: inout JSONWriter) {
        writer.key("subject")
        writer.object { writer in
            switch question.subject {
            case .object(let tag): writer.member("object", tag.text)
            case .period(let from, let to, let port):
                writer.member("from", from.description)
                writer.member("to", to.description)
                if let port { writer.member("port", port) }
            }
        }
        writer.key("reader")
        writer.object { writer in
            writer.member("kind", kind.rawValue)
            if let agency = reader.agency { writer.member("agency", agency) }
            if let role = reader.role { writer.member("role", role) }
            if let purpose = reader.purpose { writer.member("purpose", purpose) }
            if let caseName = reader.caseName { writer.member("case", caseName) }
        }
        writer.member("origin", origin)
        writer.member("position", Int64(clamping: question.position))
        writer.member("root", root.base64)
        if let time { writer.member("asOf", time.description) }
        if let charter { writer.member("charter", Int64(clamping: charter)) }
        writer.key("range")
        writer.array { writer in
            writer.integer(Int64(clamping: range.lowerBound))
            writer.integer(Int64(clamping: range.upperBound))
        }
        if let stubs { writer.member("stubs", Int64(stubs)) }
        writer.member("total", Int64(total))
    }

    private func write(_ event: AuditedEvent, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: event.position))
            writer.member("recorded", event.recorded.description)
            if let occurred = event.occurred { writer.member("occurred", occurred.description) }
            writer.member("agency", event.agency)
            writer.member("type", event.type)
            writer.member("leaf", event.leaf.base64)
            Self.write(event.correctedBy, "correctedBy", to: &writer)
            Self.write(event.corrects, "corrects", to: &writer)
            if let account = decisions[event.position] { Self.write(account, to: &writer) }
        }
    }

    private static func write(_ account: DecisionAccount, to writer: inout JSONWriter) {
        writer.key("decision")
        writer.object { writer in
            if let power = account.power { writer.member("power", power) }
            if let item = account.item { writer.member("powerItem", item) }
            writer.key("rules")
            writer.array { writer in
                for rule in account.rules {
                    writer.object { writer in
                        writer.member("name", rule.name)
                        writer.member("version", Int64(rule.version))
                    }
                }
            }
            writer.key("inputs")
            writer.array { writer in
                for input in account.inputs {
                    writer.object { writer in
                        writer.member("position", Int64(clamping: input.position))
                        writer.member("as", input.role)
                    }
                }
            }
        }
    }

    private static func write(_ breach: Breach, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: breach.position))
            writer.member("recorded", breach.recorded.description)
            writer.member("rule", breach.rule)
            writer.member("object", breach.object)
            if let cause = breach.cause { writer.member("cause", Int64(clamping: cause)) }
            write(breach.against, "against", to: &writer)
        }
    }

    private func writeAccesses(to writer: inout JSONWriter) {
        writer.key("accesses")
        writer.object { writer in
            writer.member("telling", accesses.telling.rawValue)
            writer.member("anchored", Int64(clamping: accesses.anchored))
            if accesses.isCut {
                writer.key("cut")
                writer.bool(true)
            }
            writer.key("records")
            writer.array { writer in
                for access in accesses.records {
                    let words = AccessWords(access.record)
                    writer.object { writer in
                        if let position = access.position { writer.member("record", Int64(clamping: position)) }
                        writer.member("from", access.record.from.description)
                        writer.member("to", access.record.to.description)
                        writer.member("reader", words.reader)
                        if let role = access.record.reader.role { writer.member("role", role) }
                        if let purpose = access.record.purpose { writer.member("purpose", purpose) }
                        if let caseName = access.record.caseName { writer.member("case", caseName) }
                        writer.member("basis", words.basis)
                        if let owner = access.record.owner { writer.member("owner", owner) }
                        writer.key("fields")
                        writer.array { writer in for field in words.fields { writer.string(field) } }
                        writer.member("positions", words.positions)
                    }
                }
            }
        }
    }

    private static func write(_ positions: [Position], _ key: String, to writer: inout JSONWriter) {
        guard !positions.isEmpty else { return }
        writer.key(key)
        writer.array { writer in for position in positions { writer.integer(Int64(clamping: position)) } }
    }
}
