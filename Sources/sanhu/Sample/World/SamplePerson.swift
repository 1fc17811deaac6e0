/// A person of the sample: invented, known by a travel document.
struct SamplePerson: Sendable {
    let document: String
    let name: String
    let nationality: String

    init(_ random: inout SplitMix64) {
        document = "E" + SampleKeys.digits(random.below(100_000_000), count: 8)
        name = "\(random.pick(Self.families)) \(random.pick(Self.givens))"
        nationality = random.pick(["CN", "CN", "PH", "IN", "KR", "US"])
    }

    private static let families = ["Wang", "Li", "Zhang", "Santos", "Reyes", "Singh", "Kim", "Smith", "Chen"]
    private static let givens = ["Fang", "Wei", "Maria", "Jose", "Anil", "Jin", "Alex", "Ming", "Yan"]
}
