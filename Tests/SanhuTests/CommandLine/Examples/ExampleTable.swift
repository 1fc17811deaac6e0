/// How the documented examples are run, and which are not.
enum ExampleTable {
    /// What is put for the placeholders of a line, and done before it.
    struct Entry {
        let block: String
        /// How the line begins.
        let line: String
        /// Lines of shell; see ``prelude``.
        var before = ""
        var replacing: [(String, String)] = []
    }

    /// In every line: what is no name of anything, lies outside the folder, or is too early once that day has come.
    static let everywhere = [
        ("port.example/ledger+2d3c…+AT…", "\"$(cat ledger.key)\""), ("/var/www/", "www/"), ("/mnt/", ""),
        ("/media/safe/", "safe-"), ("/secure/", "secure/"),
        ("2026-12-", "2099-12-"),
    ]

    private static let named = "--field /commercial --object declaration:1 --purpose refund --case T-7"

    static let entries = [
        Entry(
            block: "README 2", line: "sanhu charter sign founding.json",
            before: """
                jq --arg key "$(cat out.1)" '(.keys[] | select(.id == "CUS-1")).public = $key' charter.json > own.json
                sanhu charter draft --charter own.json $governing > founding.json
                sign founding.json port.example/ledger BOR MSA TAX POO
                """),
        Entry(
            block: "README 2", line: "sanhu append declarations.ndjson",
            before: """
                cp cus-1.key CUS.key
                sanhu charter draft --basis 0 $port > port.json
                sign port.json port.example/ledger CUS BOR TAX
                SANHU_LEDGER=port.ledger sanhu charter amend port.json
                export SANHU_LEDGER=port.ledger
                """),
        Entry(block: "README 2", line: "sanhu read-verify", replacing: [("KEY", "\"$(cat out.3)\"")]),
        Entry(
            block: "README 2", line: "sanhu disclose request",
            replacing: [("…", named + " --to 2099-12-31T00:00:00+08:00")]),
        Entry(
            block: "README 2", line: "sanhu erase",
            // Somebody types that it is meant.
            replacing: [("NAME", "91310000MA1FL0QX23"), ("\"PIPL 47\"", "\"PIPL 47\" --yes")]),
        Entry(
            block: "sample", line: "sanhu sample --days 1 --declarations-per-day 60 --into",
            replacing: [("--into sample.ledger", "--into day.ledger --schemas .")]),
        Entry(
            block: "init", line: "sanhu init --ledger c.ledger",
            before: """
                sanhu charter draft --charter charter.json $governing > founding.json
                sign founding.json c.example CUS BOR MSA TAX POO
                """),
        Entry(
            block: "charter sign", line: "sanhu charter sign f.json",
            before: "sanhu charter draft --charter charter.json $governing > f.json; cp CUS.key c.key"),
        Entry(block: "token", line: "sanhu token issue", before: "cp CUS.key c.key"),
        Entry(block: "token issue", line: "sanhu token issue", before: "cp CUS.key c.key"),
        Entry(
            block: "serve", line: "sanhu serve --check-config",
            before: "echo '{\"port\":9000}' > server.json"),
        Entry(block: "charter", line: "sanhu charter amend", before: "amendment"),
        Entry(block: "charter amend", line: "sanhu charter amend", before: "amendment"),
        Entry(
            block: "charter show", line: "sanhu charter show --as-of",
            replacing: [("2026-03-01T00:00:00+08:00", "2099-01-01T00:00:00+08:00")]),
        Entry(
            block: "charter diff", line: "sanhu charter diff",
            replacing: [("2026-01-01T00:00:00Z", "2098-01-01T00:00:00Z"), ("2026-06-30", "2099-06-30")]),
        Entry(
            block: "read", line: "sanhu read --as TAX --purpose refund",
            before:
                "next=$(sanhu read --as TAX --purpose refund --case T-7 --page 2 | tail -n 1 | jq -r .next)"),
        Entry(
            block: "read-verify", line: "sanhu read-verify tax.ndjson",
            before: "sanhu read --as TAX --purpose duty-assessment --verifiable --proofs > tax.ndjson"),
        Entry(
            block: "read-verify", line: "sanhu read-verify new.ndjson",
            before: """
                sanhu checkpoint > checkpoint.txt
                sanhu append declarations.ndjson --as DEC
                sanhu read --as TAX --verifiable --proofs --since "$(sed -n 2p checkpoint.txt)" > new.ndjson
                """),
        Entry(block: "disclose", line: "sanhu disclose decide", replacing: [("41", "$(appended 1)")]),
        Entry(block: "disclose", line: "sanhu disclose revoke", replacing: [("42", "$(appended 3)")]),
        Entry(block: "disclose check", line: "sanhu disclose check", replacing: [("41", "$(request)")]),
        Entry(block: "disclose decide", line: "sanhu disclose decide", replacing: [("41", "$(request)")]),
        Entry(block: "disclose revoke", line: "sanhu disclose revoke", replacing: [("42", "$(grant)")]),
        Entry(block: "disclose dispute", line: "sanhu disclose dispute", replacing: [("42", "$(grant)")]),
        Entry(block: "disclose list", line: "sanhu disclose list --as CUS", before: "late"),
        Entry(block: "disclose list", line: "sanhu disclose list --as TAX", before: "grant"),
        Entry(block: "assistance", line: "sanhu assistance answer", replacing: [("50", "$(appended 1)")]),
        Entry(block: "assistance", line: "sanhu assistance close", replacing: [("50", "$(appended 1)")]),
        Entry(block: "assistance answer", line: "sanhu assistance answer", replacing: [("50", "$(assistance)")]),
        Entry(block: "assistance close", line: "sanhu assistance close", replacing: [("50", "$(assistance)")]),
        Entry(
            block: "erase", line: "sanhu erase --as POO --subject 91310000MA1FL0QX23",
            replacing: [("\"PIPL 47\"", "\"PIPL 47\" --yes")]),
        Entry(block: "hold lift", line: "sanhu hold lift", replacing: [("41", "$(hold)")]),
        Entry(block: "hold list", line: "sanhu hold list --format", before: "hold"),
        Entry(
            block: "who-saw", line: "sanhu who-saw --as CUS --field",
            before: "sanhu read --as TAX --role assessor --purpose refund --case T-2026-17"),
        Entry(
            block: "who-saw", line: "sanhu who-saw --as TAX --reader TAX",
            before: "sanhu read --as COM --purpose statistics; sanhu read --as TAX --role assessor --purpose refund"),
        Entry(
            block: "who-saw", line: "sanhu who-saw --party",
            replacing: [("17", "$(sanhu read --tag enterprise:91310000MA1FL0AB1X --limit 1 | jq .position)")]),
        Entry(
            block: "view show", line: "sanhu view show timeline declaration:1", replacing: [("4711", "5")]),
        Entry(block: "board", line: "sanhu board receipts declaration:1", replacing: [("90", "5")]),
        Entry(block: "board", line: "sanhu board inbox --as CUS", before: "assistance"),
        Entry(
            block: "why", line: "sanhu why \"/MSA/1#hold-17\"",
            replacing: [
                (
                    "\"/MSA/1#hold-17\"",
                    "\"$(sanhu read --as CUS --limit 6 | tail -n 1 | jq -r '.event.source + \"#\" + .event.id')\""
                )
            ]),
        Entry(
            block: "could-see", line: "sanhu could-see declaration:1 --reader TAX --reader-role",
            replacing: [(" --known 6", "")]),
        Entry(
            block: "replay", line: "sanhu replay declaration:1 --as CUS --from 3",
            replacing: [(" --from 3 --to 6", " --from 0")]),
        Entry(
            block: "why", line: "sanhu why 6 --as AUD", replacing: [(" --known 2099-03-01T00:00:00Z", "")]),
        Entry(
            block: "consistency-verify", line: "sanhu consistency",
            before: "[ -e old.txt ] || sanhu checkpoint > old.txt"),
        Entry(
            block: "witness", line: "sanhu witness key",
            before: "[ -e witness ] || sanhu witness init --name customs.example/witness --state witness/"),
        Entry(
            block: "witness cosign", line: "sanhu witness cosign",
            before: "[ -e witness ] || sanhu witness init --name customs.example/witness --state witness/"),
        Entry(
            block: "witness key", line: "sanhu witness key",
            before: "[ -e witness ] || sanhu witness init --name customs.example/witness --state witness/"),
        Entry(
            block: "witness status", line: "sanhu witness status",
            before: "[ -e witness ] || sanhu witness init --name customs.example/witness --state witness/"),
        Entry(
            block: "snapshot", line: "sanhu snapshot export tuesday.zst",
            before: "[ -e port.zst ] || sanhu snapshot export port.zst"),
        Entry(
            block: "snapshot export", line: "sanhu snapshot export tuesday.zst",
            before: "[ -e port.zst ] || sanhu snapshot export port.zst"),
        Entry(
            block: "snapshot inspect", line: "sanhu snapshot inspect",
            before: "[ -e port.zst ] || sanhu snapshot export port.zst"),
        Entry(
            block: "snapshot import", line: "sanhu snapshot import port.zst tuesday.zst",
            before: "sanhu snapshot export tuesday.zst --since port.zst"),
        Entry(block: "restore", line: "sanhu restore", before: "sanhu backup backup --keys-to safe-keys"),
        Entry(
            block: "snapshot diff", line: "sanhu snapshot diff",
            before: "sanhu snapshot export port.zst && sanhu snapshot export later.zst"),
        Entry(
            block: "snapshot import", line: "sanhu snapshot import d1.zst",
            before: "sanhu snapshot export d1.zst --from 0 --to 2"),
        Entry(
            block: "audit-verify", line: "sanhu audit-verify",
            before: "sanhu audit-report declaration:1 --as AUD --json report.json"),
        Entry(
            block: "snapshot import", line: "sanhu snapshot import",
            before: "[ -e port.zst ] || sanhu snapshot export port.zst"),
        Entry(
            block: "snapshot verify", line: "sanhu snapshot verify",
            before: "[ -e port.zst ] || sanhu snapshot export port.zst"),
    ]

    /// What is not run, and why.
    static let notRun: [(block: String, line: String, reason: String)] = [
        ("README 1", "sanhu read --follow", "goes on until it is interrupted; FollowingTests and ReadTests run it"),
        ("read", "sanhu read --follow", "goes on until it is interrupted"),
        ("tiles print", "sanhu tiles print tile/0/x001/234", "a tile of a log of 300,000 entries"),
        ("bench", "sanhu bench", "a long run"), ("bench append", "sanhu bench", "a long run"),
        ("bench scan", "sanhu bench", "on the ledger of a long run"),
        ("bench open", "sanhu bench", "on the ledger of a long run"),
        ("README 2", "sanhu serve --config server.json", "goes on until it is stopped"),
        ("serve", "sanhu serve --config server.json", "goes on until it is stopped; ExchangeServerTests run it"),
        ("README 2", "sanhu read --as CUS --server", "needs a server; RemoteTests run it"),
        ("append", "sanhu append events.ndjson --as CUS --server", "needs a server; RemoteTests run it"),
        ("read", "sanhu read --as CUS --server", "needs a server; RemoteTests run it"),
        ("checkpoint", "sanhu checkpoint --server", "needs a server; RemoteVerifyTests run it"),
        ("proof", "sanhu proof 41 --server", "needs a server; RemoteVerifyTests run it"),
        ("consistency", "sanhu consistency 41 --server", "needs a server; RemoteVerifyTests run it"),
        ("tiles print", "sanhu tiles print tile/0/000 --server", "needs a server; RemoteVerifyTests run it"),
        ("verify", "sanhu verify --server", "needs a server; RemoteVerifyTests run it"),
        ("verify", "sanhu verify --as AUD --server", "needs a server; RemoteVerifyTests run it"),
        ("subscribe", "export SANHU_SERVER", "needs a server; SubscribeTests run it"),
        ("subscribe", "sanhu subscribe", "needs a server; SubscribeTests run it"),
        ("subscribe define", "sanhu subscribe define", "needs a server; SubscribeTests run it"),
        ("subscribe list", "sanhu subscribe list", "needs a server; SubscribeTests run it"),
        ("subscribe show", "sanhu subscribe show", "needs a server; SubscribeTests run it"),
        ("subscribe consume", "sanhu subscribe consume", "needs a server; SubscribeTests run it"),
        ("subscribe consume", "coproc C", "needs a server; SubscribeTests run it"),
        ("subscribe parked", "sanhu subscribe parked", "needs a server; SubscribeTests run it"),
        ("subscribe replay", "sanhu subscribe replay", "needs a server; SubscribeTests run it"),
        ("subscribe give-up", "sanhu subscribe give-up", "needs a server; SubscribeTests run it"),
        ("subscribe delete", "sanhu subscribe delete", "needs a server; SubscribeTests run it"),
        ("witness", "sanhu witness follow", "needs a server; WitnessCommandTests run it"),
        ("witness follow", "sanhu witness follow", "needs a server; WitnessCommandTests run it"),
        ("witness feed", "sanhu witness feed", "needs a server; WitnessCommandTests run it"),
        ("witness serve", "sanhu witness serve", "goes on until it is stopped; WitnessServerTests run it"),
        ("witness evidence", "sanhu witness evidence", "needs a ledger that forked; WitnessCommandTests run it"),
        ("case", "sanhu case declaration:1 --as CUS --server", "needs a server; RemoteTests run it"),
        ("bench intake", "sanhu bench", "a long run"), ("bench reading", "sanhu bench", "a long run"),
        ("bench views", "sanhu bench", "a long run"),
        ("parked", "sanhu parked retry", "nothing is parked in a sound ledger"),
        ("parked retry", "sanhu parked retry timeline 4711", "nothing is parked in a sound ledger"),
    ]

    /// Examples that may print nothing: what they ask for is not in the sample, or there is nothing to say but how long it took.
    static let quiet: [(block: String, line: String)] = [
        ("disclose list", "sanhu disclose list --as CUS --overdue"),
        ("report", "sanhu report reduction"),
        ("sanhu", "sanhu read --tag container:CMAU9592883"),
        ("view", "sanhu view show timeline"), ("view show", "sanhu view show"),
        ("parked", "sanhu parked list"), ("parked list", "sanhu parked list"), ("parked retry", "sanhu parked retry"),
        ("board", "sanhu board inspections"), ("board", "sanhu board risk"), ("board", "sanhu board guarantees"),
        ("board", "sanhu board credit"), ("board", "sanhu board incidents"),
        ("README 2", "sanhu audit-report"), ("audit-report", "sanhu audit-report declaration:1 --as AUD --html"),
        ("mine xes", "sanhu mine xes --as AUD --output"),
        ("diff", "sanhu diff container:MSKU1234565"),
        ("replay", "sanhu replay --type sanhu.hold.placed"), ("replay", "sanhu replay container:MSKU1234565"),
        ("witness", "sanhu witness status"), ("witness status", "sanhu witness status"),
        ("index", "sanhu index rebuild"), ("index rebuild", "sanhu index rebuild"),
    ]

    /// What the entries say more briefly.
    static let prelude = #"""
        set -o pipefail
        appended() { jq -e .appended "out.$1"; }
        to='--to 2099-12-31T00:00:00Z'
        asks='--owner CUS --compartment trade-secret --object declaration:1 --object declaration:2'
        request() { sanhu disclose request --as TAX $asks --purpose refund --case "R-$RANDOM$RANDOM" $to | jq -e .appended; }
        grant() { sanhu disclose decide "$(request)" --as CUS --grant --reason "Art. 5" | jq -e .appended; }
        assistance() {
            sanhu assistance request smuggling --as ASB $asks --purpose investigation --case "A-$RANDOM$RANDOM" \
                --deadline 2099-12-01T00:00:00Z $to | jq -e .appended
        }
        hold() {
            sanhu hold place --as TAX --subject 91310000MA1FL0QX23 --case "H-$RANDOM" --basis b | jq -e .placed
        }
        late() { sanhu disclose check "$(request)" --as CUS; }
        # sign FILE ORIGIN AGENCY…: adds their signatures.
        sign() {
            local file="$1" origin="$2" agency
            for agency in "${@:3}"; do
                sanhu charter sign "$file" --origin "$origin" --key-id "$agency-1" --key "$agency.key" > signed.new || return
                mv signed.new "$file"
            done
        }
        amendment() {
            local change='{"op":"put","kind":"purpose","value":{"code":"example","version":1,"title":"例"}}'
            printf '{"specversion":"1.0","id":"a","source":"/charter","type":"sanhu.charter.amended","data":%s}' \
                "{\"basis\":$(sanhu read --type sanhu.charter.amended | tail -n 1 | jq .position),\"changes\":[$change]}" \
                > amendment.json
            sign amendment.json test.example/ledger CUS BOR TAX
        }
        """#
}
