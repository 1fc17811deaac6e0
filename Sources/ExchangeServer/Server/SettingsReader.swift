internal import JSON
internal import Views

/// Reads settings: from one JSON file, and from environment variables of the same names, which win.
///
/// A name `bodyBytes` in the file is `SANHU_BODY_BYTES` in the environment. What is not known is refused, for a limit that is
/// misspelt would be none.
public struct SettingsReader: Sendable {
    /// What a setting is, by its name in the file.
    public struct Setting: Sendable {
        public let name: String
        /// What it means, its unit and its default.
        public let meaning: String
        let take: @Sendable (String, inout ServerSettings) -> Bool

        /// Its name in the environment.
        public var variable: String {
            name.reduce(into: "SANHU_") { text, character in
                if character.isUppercase { text.append("_") }
                text.append(contentsOf: character.uppercased())
            }
        }
    }

    /// All of them, in the order in which they are told.
    public static let settings: [Setting] = [
        Setting(name: "host", meaning: "The address to listen on; 127.0.0.1.") { text, settings in
            settings.host = text
            return !text.isEmpty
        },
        number("port", "The port; 8443.", \.port, 0...65_535),
        Setting(name: "certificate", meaning: "The file of the server's certificate chain, PEM.") { text, settings in
            settings.tls = .init(certificate: text, privateKey: settings.tls?.privateKey ?? "")
            return !text.isEmpty
        },
        Setting(name: "privateKey", meaning: "The file of its private key, PEM.") { text, settings in
            settings.tls = .init(certificate: settings.tls?.certificate ?? "", privateKey: text)
            return !text.isEmpty
        },
        number(
            "bodyBytes", "The most bytes of a body that is read as a whole; 16777216.", \.limits.bodyBytes,
            65_536...(1 << 30)),
        number(
            "requestsPerSecond", "Requests a second of an agency; 50000.", \.limits.requestsPerSecond, 1...10_000_000),
        number("burst", "Requests at once beyond that; 100000.", \.limits.burst, 1...10_000_000),
        number(
            "publicRequestsPerSecond", "Requests a second of all who say not who they are; 200.",
            \.limits.publicRequestsPerSecond, 1...10_000_000),
        number("streams", "Live answers of an agency at once; 1000.", \.limits.streams, 1...1_000_000),
        number("publicStreams", "Live answers of the public at once; 50.", \.limits.publicStreams, 0...1_000_000),
        number("connections", "Connections at once; 20000.", \.limits.connections, 1...1_000_000),
        number("idleSeconds", "Seconds until a silent connection is closed; 60.", \.limits.idleSeconds, 1...3_600),
        number("bodySeconds", "Seconds for a body to come; 60.", \.limits.bodySeconds, 1...3_600),
        number("stallSeconds", "Seconds until who takes nothing is cut off; 60.", \.limits.stallSeconds, 1...3_600),
        number("shutdownSeconds", "Seconds for what is under way to end; 20.", \.limits.shutdownSeconds, 0...3_600),
        number("heartbeatSeconds", "Seconds of silence on a live answer; 15.", \.heartbeatSeconds, 1...3_600),
        Setting(name: "witnesses", meaning: "The file of the policy over the ledger's witnesses; none.") {
            text, settings in
            settings.witnesses = text
            return !text.isEmpty
        },
        Setting(
            name: "views",
            meaning:
                "Views that are kept ready, of cases, boards, figures, timeline, counts, or none; cases boards figures."
        ) { text, settings in
            let names = text.split(separator: " ").map(String.init)
            settings.views = Set(names == ["none"] ? [] : names)
            return !names.isEmpty && settings.views.isSubset(of: ServedViews.known.map(\.name))
        },
        Setting(
            name: "automations",
            meaning: "Automations that run: names of docs/port-automations.md, none, or all that the charter lets; all."
        ) { text, settings in
            let names = text.split(separator: " ").map(String.init)
            settings.automations = names == ["all"] ? nil : Set(names == ["none"] ? [] : names)
            return !names.isEmpty && settings.automations?.isSubset(of: ServedAutomations.known) ?? true
        },
    ]

    private static func number(
        _ name: String, _ meaning: String, _ path: any WritableKeyPath<ServerSettings, Int> & Sendable,
        _ range: ClosedRange<Int>
    ) -> Setting {
        Setting(name: name, meaning: meaning) { text, settings in
            guard let number = Int(text), range.contains(number) else { return false }
            settings[keyPath: path] = number
            return true
        }
    }

    /// Reads settings.
    ///
    /// - Parameters:
    ///   - file: The contents of the file, a JSON object; nil if there is none.
    ///   - environment: Those of its variables that are settings count.
    /// - Throws: ``ServerFault`` with `.badSetting`, which names what is wrong.
    public static func read(file: [UInt8]?, environment: [String: String]) throws(ServerFault) -> ServerSettings {
        var result = ServerSettings()
        if let file {
            guard let root = try? JSONDocument(parsing: file).root, root.kind == .object else {
                throw ServerFault(.badSetting, "The file of settings is not a JSON object.")
            }
            for (name, value) in root.members {
                guard let setting = settings.first(where: { $0.name == name }) else {
                    let known = settings.map(\.name).joined(separator: ", ")
                    throw ServerFault(.badSetting, "There is no setting “\(name)”. There are \(known).")
                }
                let text = value.string ?? value.integer.map { String($0) } ?? ""
                try take(setting, name, text, &result)
            }
        }
        for setting in settings {
            guard let text = environment[setting.variable], !text.isEmpty else { continue }
            try take(setting, setting.variable, text, &result)
        }
        if let tls = result.tls, tls.certificate.isEmpty || tls.privateKey.isEmpty {
            throw ServerFault(.badSetting, "“certificate” and “privateKey” go together.")
        }
        try result.check()
        return result
    }

    private static func take(
        _ setting: Setting, _ name: String, _ text: String, _ settings: inout ServerSettings
    ) throws(ServerFault) {
        guard setting.take(text, &settings) else {
            throw ServerFault(.badSetting, "“\(name)” cannot be “\(text.prefix(128))”. \(setting.meaning)")
        }
    }
}
