internal import AsyncHTTPClient
internal import EventLog
internal import ExchangeProtocol
internal import JSON
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// Sends requests, with who calls, and tells refusals from answers.
final class Transport: Sendable {
    /// The most bytes of a refusal, or of an answer that is taken as a whole.
    static let maximumBytes = 16 << 20
    private static let productName = "sanhu"

    let settings: ClientSettings
    private let http: HTTPClient
    private let base: String
    private let tokens: TokenSource?
    private let isClosed = Mutex(false)

    init(_ settings: ClientSettings) throws(ClientError) {
        self.settings = settings
        base = try Self.base(settings)
        if case .key(let credential) = settings.credential {
            tokens = TokenSource(credential)
        } else {
            tokens = nil
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try Self.tls(settings), redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(settings.connectSeconds), read: .seconds(settings.silentSeconds)),
            decompression: .disabled)
        // A server that is silent before its first byte is as silent as one that is later.
        configuration.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async {
        guard
            isClosed.withLock({ closed in
                defer { closed = true }
                return !closed
            })
        else { return }
        try? await http.shutdown()
    }

    deinit {
        // Who forgets to close it loses its connections, not the process.
        guard !isClosed.withLock({ $0 }) else { return }
        Task { [http] in try? await http.shutdown() }
    }

    /// Sends a request, once.
    ///
    /// - Throws: ``ClientError``: `.refused` with the problem for every status from 400 on.
    func send(_ request: ClientRequest) async throws(ClientError) -> HTTPClientResponse {
        let response = try await sendAsCaller(request)
        guard response.status.code >= 400 else { return response }
        let error = await Self.refusal(response)
        // Its clock may differ, or it was revoked: the next is signed anew.
        if response.status.code == 401 { tokens?.forget() }
        throw error
    }

    /// Sends a request whose answer is taken as a whole, and again after failures that may pass.
    func collect(_ request: ClientRequest) async throws(ClientError) -> [UInt8] {
        var failures = 0
        while true {
            do throws(ClientError) {
                return try await Self.bytes(try await send(request))
            } catch {
                failures += 1
                try await wait(after: failures, error)
            }
        }
    }

    /// Sends a request, once, and takes whatever is answered.
    func exchange(
        _ request: ClientRequest
    ) async throws(ClientError) -> (status: Int, type: String?, bytes: [UInt8]) {
        let response = try await sendAsCaller(request)
        return (
            Int(response.status.code), response.headers["Content-Type"].first, try await Self.bytes(response)
        )
    }

    /// Waits before a request is made again.
    ///
    /// - Throws: The error, if it is given up.
    func wait(after failures: Int, _ error: ClientError) async throws(ClientError) {
        guard error.isRetryable,
            let wait = settings.retry.wait(
                after: failures, asked: error.problem?.retryAfter, chance: .random(in: 0...1))
        else { throw error }
        do {
            try await Task.sleep(for: wait)
        } catch {
            throw ClientError(.interrupted, "It was cancelled.")
        }
    }

    static func bytes(_ response: HTTPClientResponse) async throws(ClientError) -> [UInt8] {
        do {
            return Array(try await response.body.collect(upTo: maximumBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw ClientError(.malformedAnswer, "The answer has more than \(maximumBytes) bytes.")
        } catch {
            throw interrupted(error)
        }
    }

    static func interrupted(_ error: any Error) -> ClientError {
        ClientError(.interrupted, "The answer broke off: \(error). Ask again; an append is safe to make again.")
    }

    // MARK: Requests

    private func sendAsCaller(_ request: ClientRequest) async throws(ClientError) -> HTTPClientResponse {
        var call = HTTPClientRequest(url: base + request.target)
        call.method = HTTPMethod(rawValue: request.method)
        call.headers.add(name: "User-Agent", value: Self.productName)
        for (name, value) in request.headers { call.headers.add(name: name, value: value) }
        if let (name, value) = try await authorization() { call.headers.add(name: name, value: value) }
        if let body = request.body { call.body = .bytes(body) }
        return try await execute(call)
    }

    private func execute(_ call: HTTPClientRequest) async throws(ClientError) -> HTTPClientResponse {
        do {
            return try await http.execute(call, deadline: .distantFuture)
        } catch {
            let cause = "\(error)"
            if Self.distrusts.contains(where: cause.contains) {
                throw ClientError(
                    .untrusted,
                    "The certificate of \(base) is of no authority that is trusted here, over, or of another name. Give the "
                        + "PEM file of its authority, and call the server by the name in its certificate.")
            }
            throw ClientError(
                .unreachable, "\(base) does not answer: \(error). See that it runs and that you may reach it.")
        }
    }

    /// By what is known that a handshake failed for the server's certificate.
    private static let distrusts = ["CERTIFICATE_VERIFY_FAILED", "failedToValidateHostname"]

    private func authorization() async throws(ClientError) -> (name: String, value: String)? {
        switch settings.credential {
        case .anonymous, .certificate: return nil
        case .token(let text): return ("Authorization", "Bearer " + text)
        case .development(let agency): return ("Sanhu-As", agency)
        case .key:
            guard let tokens else { return nil }
            if tokens.audience == nil { tokens.learn(audience: try await origin()) }
            let now = Timestamp.now().microseconds / 1_000_000
            return try tokens.token(now: now).map { ("Authorization", "Bearer " + $0) }
        }
    }

    /// The ledger's name, as the first line of its checkpoint has it. A token for another one's name is worth nothing to it.
    private func origin() async throws(ClientError) -> String {
        let response = try await execute(HTTPClientRequest(url: base + "/checkpoint"))
        guard response.status == .ok else { throw await Self.refusal(response) }
        let text = String(decoding: try await Self.bytes(response), as: UTF8.self)
        guard let line = text.split(separator: "\n").first, !line.isEmpty, line.utf8.count <= 255 else {
            throw ClientError(.malformedAnswer, "The server's checkpoint names no ledger.")
        }
        return String(line)
    }

    private static func refusal(_ response: HTTPClientResponse) async -> ClientError {
        let bytes = (try? await Self.bytes(response)) ?? []
        if let root = try? JSONDocument(parsing: bytes).root, let problem = Problem(root) {
            return ClientError(problem)
        }
        let isPassing = [429, 502, 503, 504].contains(Int(response.status.code))
        let problem = Problem(
            Int(response.status.code), "status\(response.status.code)", "The server refuses",
            "The server, or one before it, answers \(response.status) and does not say why.",
            retry: isPassing ? .later : .never)
        return ClientError(problem)
    }

    // MARK: Settings

    private static func base(_ settings: ClientSettings) throws(ClientError) -> String {
        let url = settings.url.hasSuffix("/") ? String(settings.url.dropLast()) : settings.url
        guard let parts = HTTPAddress(url) else {
            throw ClientError(.invalidSettings, "“\(url)” is no address. Write for example https://port.example.")
        }
        guard parts.isSecure || parts.isLoopback || settings.allowsPlainText else {
            throw ClientError(
                .invalidSettings,
                "“\(url)” is not encrypted: whoever is between reads and forges. Use https:, or say that it may be.")
        }
        return url
    }

    private static func tls(_ settings: ClientSettings) throws(ClientError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        do {
            if let authorities = settings.authorities {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authorities))
            }
            if let certificate = settings.certificate {
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate.chain).map { .certificate($0) }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: certificate.key, format: .pem))
            }
        } catch {
            throw ClientError(.invalidSettings, "A certificate or key cannot be read: \(error).")
        }
        return tls
    }
}
