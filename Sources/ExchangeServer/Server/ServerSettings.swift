/// How a server is run.
public struct ServerSettings: Sendable, Hashable {
    /// Where the certificate and its key lie, both in PEM.
    public struct TLS: Sendable, Hashable {
        public var certificate: String
        public var privateKey: String

        public init(certificate: String, privateKey: String) {
            (self.certificate, self.privateKey) = (certificate, privateKey)
        }
    }

    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0 for any that is free.
    public var port = 8443
    /// nil for plain HTTP, which is for loopback alone.
    public var tls: TLS?
    public var limits = ServerLimits()
    /// After how many seconds without anything else a live answer says that it is alive.
    public var heartbeatSeconds = 15
    /// The names of the views that are kept ready: docs/operating.md.
    public var views: Set<String> = ["cases", "boards", "figures"]
    /// The file of the policy over the witnesses whose cosignatures are taken; nil for none: docs/witnesses.md.
    public var witnesses: String?
    /// The names of the automations that run; nil for all that the charter lets.
    public var automations: Set<String>?
    /// Whether who calls is believed; never beyond loopback.
    public var isDevelopment = false

    public init() {}

    /// Whether only this machine can reach it.
    public var isLoopback: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }
}
