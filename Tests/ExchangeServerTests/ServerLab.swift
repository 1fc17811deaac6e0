import AsyncHTTPClient
import Crypto
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing
import Transparency
import Views

@testable import ExchangeServer

/// A served ledger of some agencies, in a folder of its own, and a client to ask it.
final class ServerLab: Sendable {
    static let origin = "server.example/ledger"
    static let lodged = "urn:sanhu:schema:declaration.lodged:1"
    static let noted = "urn:sanhu:schema:secret.noted:1"
    static let canary = "CANARY-1c9e5b"

    let folder: TemporaryFolder
    let ledger: ExchangeLedger
    private let settings: ServerSettings
    let running: NIOLockedValueBox<Running?>
    /// Where all is written down that is logged from the next start on, at every level; nil for nowhere.
    let heard = NIOLockedValueBox<NIOLockedValueBox<[String]>?>(nil)

    /// A server that listens, and how it is ended.
    struct Running: Sendable {
        let url: String
        let end: @Sendable () async -> Void
        /// Its number, if it is a process of its own.
        var process: Int32?
        /// The file of what it says.
        var said: String?
    }

    /// Where it is to be asked.
    var url: String { running.withLockedValue { $0?.url ?? "" } }

    /// Founds a ledger, serves it for as long as something runs, and stops.
    static func serving(
        _ change: (inout ServerSettings) -> Void = { _ in }, _ body: (ServerLab) async throws -> Void
    ) async throws {
        var settings = ServerSettings()
        settings.port = 0
        settings.heartbeatSeconds = 1
        settings.automations = []
        change(&settings)
        let lab = try await ServerLab(settings)
        try await lab.runs(body)
    }

    /// Does something while it is served, and stops.
    func runs(_ body: (ServerLab) async throws -> Void) async throws {
        do {
            try await start()
            try await body(self)
        } catch {
            await stop()
            throw error
        }
        await stop()
    }

    private init(_ settings: ServerSettings) async throws {
        folder = try TemporaryFolder()
        let path = folder.path("ledger")
        ledger = try await ExchangeLedger.found(
            at: path, charter: Self.founding(), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping")), options: ExchangeOptions(anchorInterval: nil))
        self.settings = settings
        running = NIOLockedValueBox(nil)
    }

    /// Opens what lies in a folder.
    private init(_ settings: ServerSettings, opening folder: TemporaryFolder) throws {
        self.folder = folder
        ledger = try ExchangeLedger.open(
            at: folder.path("ledger"), signers: Self.signers(),
            wrappingKey: WrappingKeyFile(path: folder.path("wrapping")), options: ExchangeOptions(anchorInterval: nil))
        self.settings = settings
        running = NIOLockedValueBox(nil)
    }

    private static func signers() throws -> ExchangeLedger.Signers {
        ExchangeLedger.Signers(
            log: try NoteSigner(name: origin, seed: Array(1...32)),
            access: try NoteSigner(name: origin + "/access", seed: Array(2...33)))
    }

    /// A ledger as a kill at this moment would leave it on the disk, not served yet.
    ///
    /// - Parameter change: What is done to its folder before it is opened.
    func remains(_ change: (URL) throws -> Void = { _ in }) throws -> ServerLab {
        let copy = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: copy.path("ledger"), withIntermediateDirectories: true)
        // Views come and go while they are kept, and are made anew where they are missing.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("ledger")).filter { $0 != "views" }
        for name in names.map({ "ledger/" + $0 }) + ["wrapping"] {
            try FileManager.default.copyItem(atPath: folder.path(name), toPath: copy.path(name))
        }
        try change(copy.url.appendingPathComponent("ledger"))
        return try ServerLab(settings, opening: copy)
    }

    /// Serves the ledger.
    func start() async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        if let heard = heard.withLockedValue({ $0 }) {
            logger = Logger(label: "test") { _ in HearingLog(heard: heard) }
        }
        let server = try LedgerServer(
            ledger, rules: try Rulebook(of: ledger, rules: []), settings: settings, logger: logger)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let service = RunningServer(server: server) { told.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        let serving = Task { try await group.run() }
        var port = 0
        for await first in ports {
            port = first
            break
        }
        let url = "\(settings.tls == nil ? "http" : "https")://127.0.0.1:\(port)"
        let running = Running(url: url) {
            await group.triggerGracefulShutdown()
            _ = await serving.result
        }
        self.running.withLockedValue { $0 = running }
    }

    /// Ends the server and begins another one, on the same ledger.
    func restart() async throws {
        await halt()
        try await start()
    }

    func stop() async {
        await halt()
        ledger.close()
    }

    /// Ends the server.
    func halt() async {
        let ended = running.withLockedValue { running in
            defer { running = nil }
            return running
        }
        await ended?.end()
    }

    private struct RunningServer: Service {
        let server: LedgerServer
        let tell: @Sendable (Int) -> Void

        func run() async throws { try await server.run { tell($0) } }
    }

    // MARK: Asking

    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONValue? { try? JSONDocument(parsing: body).root }
        var code: String? { json?["code"]?.string }
        /// Of newline-delimited JSON.
        var lines: [JSONValue] {
            body.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONDocument(parsing: Array($0)).root }
        }
    }

    /// Asks as an agency, by a token.
    func ask(
        _ method: HTTPMethod = .GET, _ path: String, as agency: String? = "CUS", role: String? = nil,
        purpose: String? = nil, caseName: String? = nil, type: String? = nil, headers: [(String, String)] = [],
        _ body: String? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let agency, headers.allSatisfy({ $0.0 != "Authorization" }) {
            let token = try Self.token(agency, role: role, purpose: purpose, caseName: caseName)
            request.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        if let type { request.headers.add(name: "Content-Type", value: type) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Reply(status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }

    /// Appends an event as CUS.
    @discardableResult
    func append(_ event: String, _ parameters: String = "") async throws -> Reply {
        try await ask(.POST, "/events" + parameters, type: "application/cloudevents+json", event)
    }

    static func event(_ id: String, _ number: Int = 1, price: String? = nil) -> String {
        let commercial = price.map { #","commercial":{"price":"\#($0)"}"# } ?? ""
        return #"""
            {"specversion":"1.0","id":"\#(id)","source":"/CUS/x","type":"sanhu.declaration.lodged","dataschema":"\#(lodged)",\#
            "data":{"number":"\#(number)"\#(commercial)}}
            """#
    }

    /// One that is sealed as a whole.
    static func secret(_ id: String) -> String {
        #"""
        {"specversion":"1.0","id":"\#(id)","source":"/CUS/x","type":"sanhu.secret.noted","dataschema":"\#(noted)",\#
        "data":{"note":"\#(canary)"}}
        """#
    }

    // MARK: Tokens

    static func key(_ id: String) throws -> Curve25519.Signing.PrivateKey {
        try Curve25519.Signing.PrivateKey(rawRepresentation: Array(SHA256.hash(data: Array("server \(id)".utf8))))
    }

    static func token(
        _ agency: String, key id: String? = nil, audience: String = origin, from: Int64 = 0, seconds: Int64 = 600,
        role: String? = nil, purpose: String? = nil, caseName: String? = nil, officer: String? = nil,
        signedBy other: String? = nil, name: String = "t"
    ) throws -> String {
        let now = Timestamp.now().microseconds / 1_000_000
        let token = AccessToken(
            agency: agency, key: id ?? agency + "-1", audience: audience, issued: now + from,
            expires: now + from + seconds, id: name, officer: officer, role: role, purpose: purpose,
            caseName: caseName)
        return try token.signed(by: key(other ?? id ?? agency + "-1"))
    }

    // MARK: The charter

    /// The folder of the project.
    static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func founding() throws -> [UInt8] {
        let members = ["CUS", "TAX", "AUD", "TER"]
        let keys = try members.map { code in
            let bytes = Array(try key(code + "-1").publicKey.rawRepresentation)
            return #"{"id":"\#(code)-1","agency":"\#(code)","public":"\#(Base64.encode(bytes))"}"#
        }
        let words = ["requested", "checked", "decided", "disputed", "revoked", "expired"].map { "disclosure." + $0 }
        let port = try (words + ["inspection.ordered", "inspection.notified", "notice.acknowledged"]).map { word in
            let file = "Schemas/\(word).schema.json"
            let document = String(decoding: try Data(contentsOf: project.appendingPathComponent(file)), as: UTF8.self)
            return
                #"{"uri":"urn:sanhu:schema:\#(word):1","type":"sanhu.\#(word)","document":\#(document)}"#
        }
        let data = #"""
            {"amendment":{"threshold":1,"agencies":["CUS"]},
             "agencies":[{"code":"CUS","title":"海关","kind":"authority"},{"code":"TAX","title":"税务","kind":"authority"},
              {"code":"AUD","title":"审计","kind":"auditor"},{"code":"TER","title":"码头","kind":"participant"},
              {"code":"SW","title":"单一窗口","kind":"authority"}],
             "officers":[{"agency":"TAX","id":"li","roles":[{"role":"assessor"}]}],
             "keys":[\#(keys.joined(separator: ","))],
             "powers":[{"id":"cus","agency":"CUS","types":["sanhu.declaration.*","sanhu.secret.*","sanhu.disclosure.*","sanhu.inspection.*"]},
              {"id":"tax","agency":"TAX","types":["sanhu.disclosure.*"]},
              {"id":"ter","agency":"TER","types":["sanhu.notice.acknowledged"]},
              {"id":"sw","agency":"SW","types":["sanhu.disclosure.expired"]}],
             "sources":[{"prefix":"/CUS","agency":"CUS"},{"prefix":"/TAX","agency":"TAX"},{"prefix":"/TER","agency":"TER"},
              {"prefix":"/SW","agency":"SW"}],
             "schemas":[{"uri":"\#(lodged)","type":"sanhu.declaration.lodged","document":{"type":"object",
               "required":["number"],"properties":{"number":{"type":"string","x-tag":{"kind":"declaration"}},
               "commercial":{"type":"object","x-sharing":{"class":"conditional","compartment":"trade-secret","owner":"CUS",
                "bytes":64}}},"additionalProperties":false}},
              {"uri":"\#(noted)","type":"sanhu.secret.noted","document":{"type":"object","properties":{"note":{"type":"string"}},
               "x-sharing":{"class":"conditional","compartment":"security","owner":"CUS","bytes":256}}},
              \#(port.joined(separator: ","))],
             "rules":[{"id":"price","effect":"permit","readers":{"agencies":["TAX"]},
               "fields":{"compartments":["trade-secret"],"classes":["conditional"]},"purposes":["duty"]}],
             "purposes":[{"code":"duty","version":1,"title":"税费核定"},{"code":"refund","version":1,"title":"退税"}]}
            """#
        let draft = try JSONDocument(parsing: Array(data.utf8)).root
        let text = try CharterFounding(draft).signedText(origin: origin)
        let signature = CharterSignature(key: "CUS-1", bytes: Array(try key("CUS-1").signature(for: text)))
        return Array(#"{"specversion":"1.0","id":"0","source":"/charter","type":"sanhu.charter.founded","data":"#.utf8)
            + CharterSignature.adding([signature], to: draft) + Array("}".utf8)
    }
}
