import AsyncHTTPClient
import Crypto
import EventLog
import Exchange
import ExchangeProtocol
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import TestSupport
import Testing
import Transparency

@testable import ExchangeClient
@testable import ExchangeServer

/// Who is called over TLS, and who calls by a certificate.
@Suite("Over TLS", .fewAtOnce) struct MutualTLSTests {
    /// A served ledger over TLS, and the files of who calls it.
    private struct Lab {
        let server: ServerLab
        let folder: TemporaryFolder

        func file(_ name: String, _ text: String) throws -> String {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
            return folder.path(name)
        }

        /// Asks, with a certificate or without.
        func ask(
            _ path: String, certificate: TestCertificate? = nil, token: String? = nil, body: String? = nil,
            version: TLSVersion? = nil, _ client: HTTPClient? = nil
        ) async throws -> (status: Int, code: String?, text: String) {
            let own = try client ?? self.client(certificate, upTo: version)
            var request = HTTPClientRequest(url: server.url + path)
            if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
            if let body {
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/cloudevents+json")
                request.body = .bytes(ByteBuffer(string: body))
            }
            do {
                let response = try await own.execute(request, timeout: .seconds(20))
                let bytes = Array(try await response.body.collect(upTo: 1 << 20).readableBytesView)
                if client == nil { try await own.shutdown() }
                let code = try? JSONDocument(parsing: bytes).root["code"]?.string
                return (Int(response.status.code), code ?? nil, String(decoding: bytes, as: UTF8.self))
            } catch {
                if client == nil { try await own.shutdown() }
                throw error
            }
        }

        func client(_ certificate: TestCertificate? = nil, upTo version: TLSVersion? = nil) throws -> HTTPClient {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(folder.path("server.pem"))
            tls.maximumTLSVersion = version
            if let certificate {
                tls.certificateChain = [
                    .certificate(try NIOSSLCertificate(bytes: Array(certificate.pem.utf8), format: .pem))
                ]
                tls.privateKey = .privateKey(
                    try NIOSSLPrivateKey(bytes: Array(certificate.privateKeyPEM.utf8), format: .pem))
            }
            var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
            configuration.timeout.connect = .seconds(10)
            return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        }
    }

    private static func serving(_ body: (Lab) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let own = try TestCertificate(.p256(P256.Signing.PrivateKey()), name: "port", days: -1..<30)
        try Data(own.pem.utf8).write(to: URL(fileURLWithPath: folder.path("server.pem")))
        try Data(own.privateKeyPEM.utf8).write(to: URL(fileURLWithPath: folder.path("server.key")))
        try await ServerLab.serving({ settings in
            settings.tls = .init(certificate: folder.path("server.pem"), privateKey: folder.path("server.key"))
        }) { server in
            try await body(Lab(server: server, folder: folder))
        }
    }

    private static func certificate(
        _ key: String, days: Range<Int> = -1..<30, serial: UInt8 = 1
    ) throws -> TestCertificate {
        try TestCertificate(.ed25519(ServerLab.key(key)), name: "whatever it says", days: days, serial: serial)
    }

    @Test("An agency is known by a certificate with a key of the charter, whatever name stands in it")
    func known() async throws {
        try await Self.serving { lab in
            let customs = try Self.certificate("CUS-1")
            let appended = try await lab.ask("/events", certificate: customs, body: ServerLab.event("1", price: "7"))
            #expect(appended.status == 201, "\(appended)")
            let read = try await lab.ask("/events?type=sanhu.declaration.lodged", certificate: customs)
            #expect(read.status == 200 && read.text.contains(#""price":"7""#))
            // Role and purpose come as parameters: nothing else could say them.
            let tax = try Self.certificate("TAX-1")
            let without = try await lab.ask("/events?type=sanhu.declaration.lodged", certificate: tax)
            let with = try await lab.ask("/events?type=sanhu.declaration.lodged&purpose=duty", certificate: tax)
            #expect(!without.text.contains(#""price":"7""#) && with.text.contains(#""price":"7""#))
            let foreign = try await lab.ask("/events", certificate: tax, body: ServerLab.event("2"))
            #expect(foreign.status == 403 && foreign.code == "foreignSource", "\(foreign)")
        }
    }

    @Test(
        "A certificate that is over, not valid yet, or of a key that the charter does not have says why it is not accepted"
    )
    func refused() async throws {
        try await Self.serving { lab in
            for (certificate, code) in [
                (try Self.certificate("CUS-1", days: -30 ..< -1), "expiredCertificate"),
                (try Self.certificate("CUS-1", days: 1..<30), "expiredCertificate"),
                (try Self.certificate("nobody"), "unknownCertificate"),
            ] {
                let reply = try await lab.ask("/events?limit=1", certificate: certificate)
                #expect(reply.status == 401 && reply.code == code, "\(reply)")
            }
            // Another kind of key is none of the charter's: it is as if none were shown.
            let other = try TestCertificate(.p256(P256.Signing.PrivateKey()), name: "x", days: -1..<30)
            let reply = try await lab.ask("/events?limit=1", certificate: other, body: ServerLab.event("1"))
            #expect(reply.status == 401 && reply.code == "noToken", "\(reply)")
        }
    }

    @Test("A key that is ended counts no more, on a connection that stands as well")
    func ended() async throws {
        try await Self.serving { lab in
            let client = try lab.client(Self.certificate("TAX-1"))
            let before = try await lab.ask("/events?limit=1", client)
            try await lab.server.endKey(of: "TAX")
            let after = try await lab.ask("/events?limit=1", client)
            try await client.shutdown()
            #expect(before.status == 200 && after.status == 401 && after.code == "unknownCertificate", "\(after)")
        }
    }

    @Test("A token that is bound to a certificate counts with that one alone")
    func bound() async throws {
        try await Self.serving { lab in
            let (own, other) = (try Self.certificate("CUS-1"), try Self.certificate("CUS-1", serial: 2))
            let now = Timestamp.now().microseconds / 1_000_000
            let token = AccessToken(
                agency: "CUS", key: "CUS-1", audience: ServerLab.origin, issued: now, expires: now + 600, id: "bound",
                certificate: own.thumbprint)
            let text = try token.signed(by: ServerLab.key("CUS-1"))
            #expect(try await lab.ask("/events?limit=1", certificate: own, token: text).status == 200)
            // Also after it was accepted once: what was found is not found for others.
            for certificate in [other, nil] {
                let reply = try await lab.ask("/events?limit=1", certificate: certificate, token: text)
                #expect(reply.status == 401 && reply.code == "wrongCertificate", "\(reply)")
            }
        }
    }

    @Test("A token wins over a certificate of another agency")
    func both() async throws {
        try await Self.serving { lab in
            let token = try ServerLab.token("TAX")
            let reply = try await lab.ask(
                "/events", certificate: Self.certificate("CUS-1"), token: token, body: ServerLab.event("1"))
            #expect(reply.status == 403 && reply.code == "foreignSource", "\(reply)")
        }
    }

    @Test("TLS below 1.3, and plain text, get no answer; others are served meanwhile")
    func old() async throws {
        try await Self.serving { lab in
            await #expect(throws: (any Error).self) {
                _ = try await lab.ask("/health/live", version: .tlsv12)
            }
            var plain = HTTPClientRequest(url: lab.server.url.replacing("https:", with: "http:") + "/health/live")
            plain.method = .GET
            let request = plain
            await #expect(throws: (any Error).self) {
                _ = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
            }
            let live = try await lab.ask("/health/live")
            #expect(live.status == 200)
        }
    }

    @Test("The client library appends and reads by a certificate, and trusts no other server")
    func library() async throws {
        try await Self.serving { lab in
            let own = try Self.certificate("CUS-1")
            var settings = ClientSettings(url: lab.server.url.replacing("127.0.0.1", with: "localhost"))
            settings.certificate = .init(
                chain: try lab.file("cus.pem", own.pem), key: try lab.file("cus.key", own.privateKeyPEM))
            settings.authorities = lab.folder.path("server.pem")
            settings.retry = .none
            let client = try ExchangeClient(settings)
            let draft = EventDraft(agency: "CUS", event: Array(ServerLab.event("1").utf8))
            let receipts = try await client.append([draft])
            await client.close()
            #expect(receipts.count == 1)
            settings.authorities = try lab.file("other.pem", own.pem)
            let stranger = try ExchangeClient(settings)
            await #expect(throws: ClientError.self) { _ = try await stranger.append([draft]) }
            await stranger.close()
        }
    }
}
