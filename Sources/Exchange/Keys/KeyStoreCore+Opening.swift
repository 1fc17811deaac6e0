internal import Crypto

/// A generation of a key store, opened.
struct OpenedKeys {
    let generation: UInt64
    let environment: KeyEnvironment
    let keyKey: SymmetricKey
    let secret: [UInt8]
}

extension KeyStoreCore {
    static let secretContext = Array("sanhu/v1/secret".utf8)

    static func create(
        _ path: String, _ wrappingKey: any WrappingKey, _ options: KeyStore.Options, _ probe: KeyProbe
    ) throws(ExchangeError) -> KeyStoreCore {
        let folder = KeyStoreFolder(path: path)
        try folder.make()
        guard folder.generations.isEmpty else { throw ExchangeError(.conflict, "There are keys in \(path) already.") }
        let generation = try wrappingKey.addGeneration()
        let keyKey = KeyWrap.random(SubjectKey.byteCount)
        let secret = KeyWrap.random(SubjectKey.byteCount)
        let state = KeyStoreState(
            keyKey: try wrappingKey.wrap(keyKey, generation: generation),
            secret: try KeyWrap.wrap(secret, under: SymmetricKey(data: keyKey), context: secretContext))
        try folder.begin(generation)
        try writeFirst(state, folder.unfinishedPath(of: generation))
        try folder.finish(generation)
        return KeyStoreCore(
            folder, wrappingKey, options, probe,
            opened: try openKeys(folder, generation, wrappingKey, isReadOnly: false))
    }

    private static func writeFirst(_ state: KeyStoreState, _ path: String) throws(ExchangeError) {
        let environment = try KeyEnvironment(path: path, isReadOnly: false)
        try environment.write { transaction throws(ExchangeError) in try environment.write(state, &transaction) }
    }

    static func open(
        _ path: String, _ wrappingKey: any WrappingKey, _ logFence: UInt64, _ options: KeyStore.Options,
        _ probe: KeyProbe
    ) throws(ExchangeError) -> KeyStoreCore {
        let folder = KeyStoreFolder(path: path)
        guard let generation = folder.generations.last else {
            throw ExchangeError(
                .keyMissing, "There are no keys in \(path). Restore them, or make a store for a new ledger.")
        }
        let generations = try wrappingKey.generations()
        guard generations.contains(generation) else {
            if let first = generations.first, first > generation {
                throw ExchangeError(
                    .staleKeys,
                    "The keys in \(path) are an old copy: their wrapping key (generation \(generation)) was destroyed."
                )
            }
            throw ExchangeError(
                .keyMissing, "The wrapping key of generation \(generation) is not there. Give the one of these keys.")
        }
        let opened = try openKeys(folder, generation, wrappingKey, isReadOnly: options.isReadOnly)
        var core = KeyStoreCore(folder, wrappingKey, options, probe, opened: opened)
        let judgement = try core.readState().fences.judge(log: logFence)
        if judgement == .stale {
            throw ExchangeError(
                .staleKeys,
                "The keys in \(path) are an old copy: they do not know the log's erasures up to fence \(logFence)."
            )
        }
        guard !options.isReadOnly else {
            if case .finish = judgement {
                throw ExchangeError(.conflict, "An erasure is not finished. Open the keys for writing first.")
            }
            return core
        }
        switch judgement {
        case .current, .stale: break
        case .forget: try core.forgetErasure()
        case .finish(let fence): try core.destroyKeys(behind: fence)
        }
        if try core.readState().needsRotation { try core.rotate() } else { try core.removeOldGenerations() }
        return core
    }

    static func openKeys(
        _ folder: KeyStoreFolder, _ generation: UInt64, _ wrappingKey: any WrappingKey, isReadOnly: Bool
    ) throws(ExchangeError) -> OpenedKeys {
        let environment = try KeyEnvironment(path: folder.path(of: generation), isReadOnly: isReadOnly)
        let transaction = try environment.beginRead()
        let state = try environment.readState(transaction)
        let keyKey = SymmetricKey(data: try wrappingKey.unwrap(state.keyKey, generation: generation))
        guard let secret = KeyWrap.unwrap(state.secret, under: keyKey, context: secretContext) else {
            throw ExchangeError(.keyDamaged, "The key store's secret is damaged. Restore the keys from a backup.")
        }
        return OpenedKeys(generation: generation, environment: environment, keyKey: keyKey, secret: secret)
    }
}
