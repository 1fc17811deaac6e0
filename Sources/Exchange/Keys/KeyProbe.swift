/// Steps of erasure and rotation after each of which the power may fail.
package enum KeyStep: String, Sendable, CaseIterable {
    case noted, destroyed, wrappingKeyAdded, rewrapped, replaced, oldRemoved, wrappingKeyDestroyed
}

/// Is told of each step, and may stop there; draws the keys. For tests of faults, which both must be able to set.
package struct KeyProbe: Sendable {
    package var reached: @Sendable (KeyStep) throws(ExchangeError) -> Void = { _ in }
    package var draw: @Sendable (Int) -> [UInt8] = { KeyWrap.random($0) }

    package init() {}
}
