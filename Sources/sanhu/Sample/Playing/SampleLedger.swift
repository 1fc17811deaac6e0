import Crypto
import EventLog
import Exchange
import Foundation
import JSON
import Transparency

/// The ledger that a sample is played into: founded by the sample charter if it is not there.
struct SampleLedger {
    let path: String
    /// The folder of schemas with the sample charter; nil for the one beside the program.
    let schemas: String?
    let origin: String
    let clock: SampleClock
    /// Where its keys are kept.
    var folder = KeyFolder.standard

    /// Opens it, or founds it.
    func open() async throws -> ExchangeLedger {
        let options = ExchangeOptions(clock: { [clock] in clock.now })
        guard !FileManager.default.fileExists(atPath: path + "/ledger.json") else {
            let verifier = try LedgerFolder(opening: path).verifier
            let access = try LedgerFolder(opening: path + "/access").verifier
            return try ExchangeLedger.open(
                at: path,
                signers: ExchangeLedger.Signers(
                    log: folder.signer(for: verifier, file: nil),
                    access: folder.signer(for: access, file: folder.file(for: access))),
                wrappingKey: folder.wrappingKey(for: verifier), options: options)
        }
        let (charter, amendments) = try documents()
        let signers = (
            log: try NoteSigner.generate(name: origin), access: try NoteSigner.generate(name: origin + "/access")
        )
        _ = try folder.store(signers.log)
        _ = try folder.store(signers.access)
        let ledger = try await ExchangeLedger.found(
            at: path, charter: charter, signers: ExchangeLedger.Signers(log: signers.log, access: signers.access),
            wrappingKey: folder.wrappingKey(for: signers.log.verifier), options: options)
        for amendment in amendments { _ = try await ledger.amend(amendment) }
        Terminal.say("founded the ledger \(path), “\(origin)”; its keys are in \(folder.path)")
        return ledger
    }

    // MARK: The charter

    /// What has room in the founding charter; the rest is registered by amendments.
    private static let governing = ["disclosure.", "assistance.", "erasure.", "legalhold.", "access."]
    /// What is not of a port, or need not be registered.
    private static let foreign = ["charter.", "alert.", "access.anchored."]

    /// The founding charter and its amendments, signed.
    private func documents() throws -> (charter: [UInt8], amendments: [[UInt8]]) {
        let folder = try schemaFolder()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { name in
            name.hasSuffix(".schema.json") && !Self.foreign.contains(where: name.hasPrefix)
        }
        func isGoverning(_ name: String) -> Bool { Self.governing.contains(where: name.hasPrefix) }
        let founding = try CharterDraft.founding(
            id: "founding", charter: InputFile.json(folder + "/charter.json"),
            schemas: names.filter(isGoverning).map { try InputFile.json("\(folder)/\($0)") })
        let amendments = try CharterDraft.amendments(
            id: "schemas", basis: 0,
            schemas: names.filter { !isGoverning($0) }.map { try InputFile.json("\(folder)/\($0)") })
        let founders = ["CUS-1", "BOR-1", "MSA-1", "TAX-1", "POO-1"]
        return (try sign(founding, founders), try amendments.map { try sign($0, ["CUS-1", "BOR-1", "TAX-1"]) })
    }

    /// A key that anyone can make, from the text `sanhu sample key ID`: no ledger with this charter is meant in earnest.
    static func key(_ id: String) throws -> Curve25519.Signing.PrivateKey {
        let seed = SHA256.hash(data: Array("sanhu sample key \(id)".utf8))
        return try Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed))
    }

    /// Signs by keys that anyone can make.
    private func sign(_ event: [UInt8], _ keys: [String]) throws -> [UInt8] {
        guard let draft = CharterEvent(try JSONDocument(parsing: event).root) else {
            throw CommandFailure(.failed, "The sample charter makes no event that can be signed.")
        }
        let keys = try keys.map { id in
            (id, try Self.key(id))
        }
        return try draft.signed(by: keys, origin: origin)
    }

    /// The folder that was given, or `Schemas` here, or beside the program or above it.
    private func schemaFolder() throws -> String {
        func has(_ folder: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/charter.json") }
        if let schemas {
            guard has(schemas) else {
                throw CommandFailure(.notThere, "There is no charter.json in \(schemas): give the project's Schemas.")
            }
            return schemas
        }
        var folders = [URL(fileURLWithPath: "Schemas")]
        var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        while place.path != "/", folders.count < 8 {
            place.deleteLastPathComponent()
            folders.append(place.appendingPathComponent("Schemas"))
        }
        guard let folder = folders.map(\.path).first(where: has) else {
            throw CommandFailure(
                .notThere, "The schemas of the port are not here and not beside the program: give --schemas FOLDER.")
        }
        return folder
    }
}
