import TestSupport
import Transparency

/// A checkpoint of a public log with the cosignatures of public witnesses, and a policy over them: written by others.
///
/// Source: github.com/florolf/spic, doc/example.md: a proof of the test log of sigsum.org of 12 December 2025 and the policy of
/// that log's testers. A Sigsum proof names keys by their hashes; here the same bytes stand in a note, as the log's origin and
/// C2SP tlog-cosignature say. The file has two further cosignatures, of witnesses that its policy does not name.
enum PublicWitnesses {
    static let origin = "sigsum.org/v1/tree/4e89cc51651f0d95f3c6127c15e1a42e3ddf7046c5b17b752689c402e773bb4d"
    static let text = origin + "\n17157\nhsB6OVmnWoZA3QHDOmLPQiLviKzkf3BqBpBdkV5wWj0=\n"
    static let time: UInt64 = 1_765_558_886

    static let logKey = "4644af2abd40f4895a003bca350f9d5912ab301a49c77f13e5b6d905c20a5fe6"
    static let logSignature =
        "fb48647e55d12145b6e3169d33cd167f0c24ce6c002ce794d82edd9e055ad535"
        + "d94f4f0e142792194e713561d9040e94a744a73b4afa34b6697fdd8a32a0d509"

    struct Witness {
        let name: String
        /// Of its key for cosignatures.
        let id: String
        let key: String
        let signature: String
    }

    static let witnesses = [
        Witness(
            name: "poc.sigsum.org/nisse", id: "ac30be61",
            key: "1c25f8a44c635457e2e391d1efbca7d4c2951a0aef06225a881e46b98962ac6c",
            signature: "b67271161de5010cae38a210c55e10b89ea07cb233ebba4802b34133d38de149"
                + "33d81b40793a4a041bf428a632e48bd7f532f556485bc31580367df4fdae6a08"),
        Witness(
            name: "rgdd.se/poc-witness", id: "db03732e",
            key: "28c92a5a3a054d317c86fc2eeb6a7ab2054d6217100d0be67ded5b74323c5806",
            signature: "c568d60cc7d2bf339e4a74597adfe12e09bf9bc9c13e194774c8bc103930e565"
                + "1290bffc6cb2cf57ffef18ff7d68b34d4560451a0521d6c16e595367eed8f40a"),
        Witness(
            name: "witness1.smartit.nu/witness1", id: "a48c820f",
            key: "f4855a0f46e8a3e23bb40faf260ee57ab8a18249fa402f2ca2d28a60e1a3130e",
            signature: "800d6a2bc926cbc4a0a5abee357bc41b7b15d10265f17bc8421126ffae788295"
                + "9d064c7ba8a921409a9a8b660341b9fdfab557638ac5827fa9ec131ca1df8308"),
        Witness(
            name: "witness.navigli.sunlight.geomys.org", id: "a3e00fe2",
            key: "dcbf728e02d479f5a7e20dc09adf525833ed6e797526517aeb07fc6854849fc6",
            signature: "0bd36c6f510e36939758d6b4df06bb90ad332ef2a590ef82a831d50876748387"
                + "540891d0e4f77253b396ec57c20f07a33a2dfa644b7b44383000a62924c7e20d"),
        Witness(
            name: "remora.n621.de", id: "da77ade7",
            key: "ebcdeb78e7fdb2ef9227b2c1ef11e94600b55b4d6d9a57877e31ee89e59adc36",
            signature: "0870780996726ef5376e739f595c3e5ac1e482648f13a6c2ac215051b1c70730"
                + "13470bfd5ba870338776fe9b2bd8bb41ae92fec9fae6b4715cb3c7e21b8fad03"),
        Witness(
            name: "witness.stagemole.eu", id: "67f7aea0",
            key: "4a921b7caef58ae670cdc11ef4184f1c058f7b9259a9107a969f69fa54aa496f",
            signature: "642aa8748405401886796c9a3dbddf57942976af469429044f7206489d4b4979"
                + "c44ae445c998e0bd0b6b7e0d0da5fa7fe142338ed8a69ac521d694c3cf2cd403"),
        Witness(
            name: "tillitis.se/test-witness-1", id: "7227e4e7",
            key: "636582aec12f32c18a21733db9e3f718058ee7aaec6dbe4eb81781e0f4300c6e",
            signature: "a1e2f429ecc987ce17a5d471f2165f6166d7c6863293c6dfa4868b7c524be355"
                + "9cbb5597279e68a4cd61e56acdb6fb91e4212179693698e4519b82d1cc3e3b01"),
        Witness(
            name: "transparency.dev/DEV:witness-little-garden", id: "d8042a87",
            key: "2b6eb0ec483503544cde4e8fc1ce6d1921db21dffccc186865f808f7625443cc",
            signature: "218b77b7825d7a982e7f5a7a678af155e3f2c1fd412fc8623f379d160a6cb65b"
                + "2b575189db52cf693aa6317c3219ee327ed1c37c8df7b0311d3b267182c3a400"),
    ]

    /// The log's key, under the name that its origin is.
    static func log() throws -> NoteVerifier {
        try NoteVerifier(name: origin, publicKey: Hex.decode(logKey) ?? [])
    }

    static func verifier(_ witness: Witness) throws -> CosignatureVerifier {
        try CosignatureVerifier(name: witness.name, publicKey: Hex.decode(witness.key) ?? [])
    }

    /// The note with the log's line and those of some witnesses.
    static func note(_ some: [Witness] = witnesses) throws -> SignedNote {
        func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
            (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64((count - $0) * 8)) }
        }
        func line(_ name: String, _ id: UInt32, _ bytes: [UInt8]) -> String {
            "— \(name) \(Base64.encode(bigEndian(UInt64(id), 4) + bytes))\n"
        }
        let log = try log()
        let lines = try some.map { witness in
            let key = try verifier(witness)
            return line(witness.name, key.id, bigEndian(time, 8) + (Hex.decode(witness.signature) ?? []))
        }
        return try SignedNote(text + "\n" + line(origin, log.id, Hex.decode(logSignature) ?? []) + lines.joined())
    }

    /// The policy, with keys as C2SP writes them.
    static func policy() throws -> String {
        let lines = try witnesses.map { "witness \($0.name) \(try verifier($0))\n" }.joined()
        return """
            # Policy using a sigsum test log

            log \(try log()) https://test.sigsum.org/barreleye
            \(lines)
            # Group of 3 witnesses that are all run by Glasklar employees
            group glasklar-test-witnesses 2 poc.sigsum.org/nisse rgdd.se/poc-witness witness1.smartit.nu/witness1

            # Requiring 4 of 6 is intended to give reasonable reliability.
            group quorum-rule 4 glasklar-test-witnesses witness.navigli.sunlight.geomys.org remora.n621.de \
            witness.stagemole.eu tillitis.se/test-witness-1 transparency.dev/DEV:witness-little-garden

            quorum quorum-rule

            """
    }
}

/// A witness whose key is the same in every run.
func witness(_ name: String, seed: UInt8) throws -> CosignatureSigner {
    CosignatureSigner(try NoteSigner(name: name, seed: [UInt8](repeating: seed, count: 32)))
}
