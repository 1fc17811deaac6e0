import Testing

@testable import Interchange

@Suite("Order of file names")
struct NaturalOrderTests {
    @Test("counts runs of digits as numbers and is total")
    func orders() {
        let names = ["10._X", "2._X", "02_A", "1. Z", "01_A", "a", "a1", "a01"]
        #expect(
            names.sorted(by: NaturalOrder.precedes) == ["1. Z", "01_A", "2._X", "02_A", "10._X", "a", "a01", "a1"])
        #expect(!NaturalOrder.precedes("a1", "a1"))
    }
}
