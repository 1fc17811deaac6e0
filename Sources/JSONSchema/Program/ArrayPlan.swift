/// What is tested of an array's elements.
struct ArrayPlan: Sendable {
    /// The schemas of the first elements, as a part of the program's lists.
    var prefix = 0..<0
    /// The schema of the elements after those, or -1.
    var items = -1
    /// The schema of which there must be some, or -1.
    var contains = -1
    var minimumContained = 1
    var maximumContained = Int.max
    var isUnique = false
    var minimum = 0
    var maximum = Int.max
}
