internal import EventLog
internal import Exchange
public import JSON

extension Why {
    /// Writes it as one object, as docs/replay.md says.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: position))
            known.write(to: &writer)
            writer.key("event")
            event.write(to: &writer)
            if let power { Self.write(power, to: &writer) }
            if let schema {
                writer.key("schema")
                writer.object { writer in
                    writer.member("uri", schema.uri)
                    writer.member("since", Int64(clamping: schema.since))
                }
            }
            writer.key("rules")
            writer.array { writer in for run in rules { Self.write(run, to: &writer) } }
            if let act {
                writer.key("automation")
                writer.object { writer in
                    writer.member("name", act.automation)
                    writer.member("cause", Int64(clamping: act.cause))
                    writer.member("reaction", Int64(act.reaction))
                }
            }
            writer.key("rests")
            writer.array { writer in for ground in grounds { Self.write(ground, to: &writer) } }
            if hasMore { Self.flag("hidden", &writer) }
            writer.key("grants")
            writer.array { writer in for sight in sights { Self.write(sight, to: &writer) } }
            writer.key("later")
            writer.array { writer in
                for change in later {
                    writer.object { writer in
                        writer.member("position", Int64(clamping: change.position))
                        writer.member("how", change.how)
                        Self.write(change.told, to: &writer)
                    }
                }
            }
        }
    }

    private static func flag(_ key: String, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.bool(true)
    }

    private static func write(_ power: Power, to writer: inout JSONWriter) {
        writer.key("power")
        writer.object { writer in
            writer.member("id", power.id)
            writer.member("agency", power.agency)
            strings("types", power.types, &writer)
            if let ports = power.ports { strings("ports", ports, &writer) }
            writer.member("since", Int64(clamping: power.since))
            if let ended = power.ended { writer.member("ended", Int64(clamping: ended)) }
        }
    }

    private static func strings(_ key: String, _ texts: [String], _ writer: inout JSONWriter) {
        writer.key(key)
        writer.array { writer in for text in texts { writer.string(text) } }
    }

    private static func positions(_ key: String, _ positions: [Position], _ writer: inout JSONWriter) {
        writer.key(key)
        writer.array { writer in for position in positions { writer.integer(Int64(clamping: position)) } }
    }

    private static func write(_ run: RuleRun, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("rule", run.rule)
            writer.member("version", Int64(run.version))
            writer.member("effect", run.effect)
            writer.member("requirement", run.requirement)
            if let object = run.object { writer.member("object", object) }
            writer.member("outcome", run.outcome.rawValue)
            if !run.against.isEmpty { positions("against", run.against, &writer) }
            if let remedy = run.remedy { writer.member("remedy", remedy) }
            positions("read", run.read, &writer)
            if run.more > 0 { writer.member("more", Int64(run.more)) }
            if run.hasHidden { flag("hidden", &writer) }
            if let asTrue = run.asTrue { writer.member("asTrue", asTrue.rawValue) }
        }
    }

    private static func write(_ told: Told, to writer: inout JSONWriter) {
        switch told {
        case .event(let agency, let type, let recorded, let id):
            writer.member("agency", agency)
            writer.member("type", type)
            writer.member("recorded", recorded.description)
            writer.member("id", id)
        case .stub: flag("stub", &writer)
        }
    }

    private static func write(_ ground: Ground, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("position", Int64(clamping: ground.position))
            writer.member("how", ground.how)
            write(ground.told, to: &writer)
            guard !ground.rests.isEmpty else { return }
            writer.key("rests")
            writer.array { writer in for inner in ground.rests { write(inner, to: &writer) } }
        }
    }

    private static func write(_ sight: Sight, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("grant", Int64(clamping: sight.grant))
            writer.member("owner", sight.owner)
            writer.member("purpose", sight.purpose)
            writer.member("case", sight.caseName)
            writer.key("opened")
            writer.array { writer in
                for (position, pointers) in sight.opened {
                    writer.object { writer in
                        writer.member("position", Int64(clamping: position))
                        strings("paths", pointers, &writer)
                    }
                }
            }
        }
    }
}
