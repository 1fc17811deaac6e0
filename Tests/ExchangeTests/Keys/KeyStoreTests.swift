import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Exchange

@Suite("The store of keys")
struct KeyStoreTests {
    /// A folder with a store of keys, and its wrapping key beside it.
    private struct Place {
        let folder: TemporaryFolder
        let wrapping: WrappingKeyFile
        var path: String { folder.path + "/keys" }

        init() throws {
            folder = try TemporaryFolder()
            wrapping = WrappingKeyFile(path: folder.path + "/wrapping.json")
        }

        func create() throws -> KeyStore { try KeyStore.create(path: path, wrappingKey: wrapping) }
        func open(fence: UInt64 = 0, _ options: KeyStore.Options = .init()) throws -> KeyStore {
            try KeyStore(path: path, wrappingKey: wrapping, logFence: fence, options: options)
        }
    }

    private static let references = [
        KeyReference(.named("9131"), compartment: "personal"),
        KeyReference(.named("9131"), compartment: "trade-secret"),
        KeyReference(.agency("9131"), compartment: "personal"), KeyReference(.named("9131"), compartment: "personal"),
    ]

    private static func codes(_ keys: [SubjectKey]) -> [[UInt8]] {
        keys.map { key in
            let code = key.code([1], [2])
            return (0..<32).map { code[$0] }
        }
    }

    @Test("HKDF is that of RFC 5869, appendix A.1")
    func vector() throws {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: [UInt8](repeating: 0x0B, count: 22)),
            salt: try #require(Hex.decode("000102030405060708090a0b0c")),
            info: try #require(Hex.decode("f0f1f2f3f4f5f6f7f8f9")), outputByteCount: 42)
        #expect(
            key.withUnsafeBytes { Hex.encode($0) }
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    }

    @Test("Each subject and compartment has a key of its own, the same after opening again, with ascending numbers")
    func keys() throws {
        let place = try Place()
        var codes: [[UInt8]] = []
        var numbers: [UInt64] = []
        do {
            let store = try place.create()
            let keys = try store.keys(for: Self.references)
            (codes, numbers) = (Self.codes(keys), keys.map(\.number))
            #expect(Set(codes).count == 3 && codes[0] == codes[3])
            #expect(numbers[0] < numbers[1] && numbers[1] < numbers[2])
            #expect(try store.existingKey(for: Self.references[1])?.number == numbers[1])
            #expect(try store.existingKey(for: KeyReference(.named("x"), compartment: "c")) == nil)
        }
        let store = try place.open(fence: 0, KeyStore.Options(cachedKeys: 2))
        #expect(Self.codes(try store.keys(for: Self.references)) == codes)
        for (number, code) in zip(numbers, codes) {
            guard case .live(let key) = try store.key(numbered: number) else {
                Issue.record("no key \(number)")
                continue
            }
            #expect(Self.codes([key]) == [code])
        }
        let next = try store.keys(for: [KeyReference(.named("new"), compartment: "c")])
        #expect(next[0].number > numbers[2])
        let error = #expect(throws: ExchangeError.self) { try store.key(numbered: 99) }
        #expect(error?.code == .keyMissing)
    }

    @Test("Neither subjects nor keys stand in the files")
    func files() throws {
        let place = try Place()
        let planted = Array("planted data-encryption key 0001".utf8)
        var probe = KeyProbe()
        probe.draw = { _ in planted }
        do { _ = try place.create() }
        let store = try KeyStore(
            path: place.path, wrappingKey: place.wrapping, logFence: 0, probe: probe)
        _ = try store.keys(for: [KeyReference(.named("canary-subject-0001"), compartment: "personal")])
        #expect(try !RawFiles.contain(planted, below: place.path))
        #expect(try !RawFiles.contain(Array("canary-subject-0001".utf8), below: place.path))
        #expect(try RawFiles.contain(Array("personal".utf8), below: place.path))
    }

    @Test("A wrapping key that others may read, that is missing or another one is refused")
    func wrappingKey() throws {
        let place = try Place()
        do { _ = try place.create() }
        let manager = FileManager.default
        #expect(try manager.attributesOfItem(atPath: place.wrapping.path)[.posixPermissions] as? Int == 0o600)
        try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: place.wrapping.path)
        #expect(throws: ExchangeError.self) { try place.open() }
        try manager.moveItem(atPath: place.wrapping.path, toPath: place.wrapping.path + ".away")
        let missing = #expect(throws: ExchangeError.self) { try place.open() }
        #expect(missing?.code == .keyMissing)
        _ = try place.wrapping.addGeneration()
        let other = #expect(throws: ExchangeError.self) { try place.open() }
        #expect(other?.code == .keyDamaged)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: place.wrapping.path))
        try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: place.wrapping.path)
        let damaged = #expect(throws: ExchangeError.self) { try place.open() }
        #expect(damaged?.code == .keyDamaged)
    }

    @Test("A second store in the same place, none at all, and a damaged file are told apart")
    func opening() throws {
        let place = try Place()
        let absent = #expect(throws: ExchangeError.self) { try place.open() }
        #expect(absent?.code == .keyMissing)
        do { _ = try place.create() }
        let twice = #expect(throws: ExchangeError.self) { try place.create() }
        #expect(twice?.code == .conflict)
        try Data(repeating: 1, count: 8_192).write(to: URL(fileURLWithPath: place.path + "/1/data.mdb"))
        let damaged = #expect(throws: ExchangeError.self) { try place.open() }
        #expect(damaged?.code == .keyDamaged)
    }

    @Test("A key whose record was changed is damaged, and does not keep others from use")
    func damagedRecord() throws {
        let place = try Place()
        let store = try place.create()
        let keys = try store.keys(for: Self.references)
        try store.core.withLock { core throws(ExchangeError) in
            let environment = core.environment
            try environment.write { transaction throws(ExchangeError) in
                let name = KeyRecord.bigEndian(keys[0].number)
                guard var record = try environment.value(name, in: environment.keys, transaction) else { return }
                record[30] ^= 1
                try environment.put(record, for: name, in: environment.keys, &transaction)
            }
            core.byNumber.removeAll()
            core.byReference.removeAll()
        }
        let error = #expect(throws: ExchangeError.self) { try store.key(numbered: keys[0].number) }
        #expect(error?.code == .keyDamaged)
        #expect(try store.existingKey(for: Self.references[1]) != nil)
        try store.rotate()
        let after = #expect(throws: ExchangeError.self) { try store.key(numbered: keys[0].number) }
        #expect(after?.code == .keyDamaged)
    }

    @Test("Opened for looking up, it makes no keys")
    func readOnly() throws {
        let place = try Place()
        do { _ = try place.create().keys(for: Self.references) }
        let store = try place.open(fence: 0, KeyStore.Options(isReadOnly: true))
        #expect(try store.existingKey(for: Self.references[0]) != nil)
        let error = #expect(throws: ExchangeError.self) {
            try store.keys(for: [KeyReference(.named("new"), compartment: "c")])
        }
        #expect(error?.code == .conflict)
        #expect(throws: ExchangeError.self) { try store.rotate() }
    }

    @Test("Rotating moves all keys, more than one commit takes, and the old copy opens nothing")
    func rotation() throws {
        let place = try Place()
        let copy = place.folder.path + "/copy"
        let references = (0..<20_050).map { KeyReference(.named("s\($0)"), compartment: "c") }
        var codes: [[UInt8]] = []
        do {
            let store = try place.create()
            codes = Self.codes(try store.keys(for: references))
            try FileManager.default.copyItem(atPath: place.path, toPath: copy)
            try store.rotate()
            #expect(Self.codes(try store.keys(for: references)) == codes)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["2"])
        #expect(try place.wrapping.generations() == [2])
        let store = try place.open()
        #expect(Self.codes(try store.keys(for: references)) == codes)
        let error = #expect(throws: ExchangeError.self) {
            try KeyStore(path: copy, wrappingKey: place.wrapping, logFence: 0)
        }
        #expect(error?.code == .staleKeys)
    }

    @Test("A bounded cache keeps what was used last")
    func cache() {
        var cache = BoundedCache<Int, Int>(limit: 4)
        for key in 0..<100 {
            cache.insert(key, for: key)
            #expect(cache.value(for: 0) == 0)
            #expect(cache.count <= 4)
        }
        #expect(cache.value(for: 50) == nil)
        cache.removeAll()
        #expect(cache.count == 0)
    }
}
