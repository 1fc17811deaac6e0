import ArgumentParser

/// `sanhu subscribe`.
struct SubscribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscribe",
        abstract: "Durable subscriptions: a cursor that a server keeps, shared by consumers.",
        discussion: """
            A subscription is kept by a server for an agency, under a name. Its consumers share what it delivers; an event \
            comes again until it is acknowledged or parked. The server is given by --server or SANHU_SERVER, who calls by \
            --agency-key and --key-id, a token in SANHU_TOKEN, or a certificate.

            EXAMPLES
              export SANHU_SERVER=https://port.example SANHU_TOKEN="$token"
              sanhu subscribe define risk --type sanhu.declaration.lodged --key declaration
              sanhu subscribe consume risk --consumer a1 | ./assess
              sanhu subscribe list
              sanhu subscribe parked risk
            """,
        subcommands: [
            SubscribeDefine.self, SubscribeList.self, SubscribeShow.self, SubscribeConsume.self, SubscribeParked.self,
            SubscribeReplay.self, SubscribeGiveUp.self, SubscribeDelete.self,
        ])
}
