/// Where a server is and how it is called.
public struct ClientSettings: Sendable {
    /// A client certificate and its key, as PEM files.
    public struct Certificate: Sendable, Hashable {
        public var chain: String
        public var key: String

        public init(chain: String, key: String) {
            (self.chain, self.key) = (chain, key)
        }
    }

    /// `https://port.example`, with a path if the ledger is served below one. `http:` is taken for this machine alone.
    public var url: String
    public var credential: ClientCredential
    /// The PEM file of the authorities that the server's certificate may be of; nil for those of the machine.
    public var authorities: String?
    public var certificate: Certificate?
    /// In how many seconds a connection must stand.
    public var connectSeconds: Int64 = 10
    /// For how many seconds a server may say nothing. Live streams say something every 15.
    public var silentSeconds: Int64 = 60
    public var retry = RetryPolicy()
    /// The witnesses that must vouch for what is verified by the ledger's key; nil if none must.
    public var witnesses: WitnessDemand?
    /// Whether `http:` may go to other machines: whoever is between reads and forges.
    public var allowsPlainText = false

    public init(url: String, credential: ClientCredential = .anonymous) {
        (self.url, self.credential) = (url, credential)
    }
}
