import ArgumentParser

/// As whom a ledger with a charter is asked for something, what for, and by which key it is opened.
struct ClaimOptions: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: "As this agency, in a ledger with a charter; what is read, also as `public`.")
    var agency: String?

    @Option(name: .long, help: "… in this role.")
    var role: String?

    @Option(name: .long, help: "… for this purpose, by its code.")
    var purpose: String?

    @Option(name: .long, help: "… with the ledger's signing key in this file; else SANHU_KEY, else the key folder.")
    var key: String?
}
