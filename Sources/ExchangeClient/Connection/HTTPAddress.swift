/// What an address of a server says (RFC 3986), as far as it matters here.
struct HTTPAddress: Sendable, Hashable {
    let isSecure: Bool
    let host: String

    init?(_ url: String) {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "http" || parts[0] == "https", url.utf8.count <= 2_048,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("?"), !url.contains("#"), !url.contains("@")
        else { return nil }
        let authority = parts[1].prefix { $0 != "/" }
        let name =
            authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        guard !name.isEmpty else { return nil }
        isSecure = parts[0] == "https"
        host = String(name)
    }

    /// Whether it is this machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
