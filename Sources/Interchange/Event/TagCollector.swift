import EventLog

/// Collects the tags of an event: each object named once, in the order of being named.
struct TagCollector {
    private(set) var tags: [Tag] = []

    /// What could not be made a tag, in words.
    private(set) var remarks: [String] = []
    private var left = 0
    private var seen: Set<String> = []

    /// Names an object. Nil and empty values name nothing.
    mutating func add(_ kind: TagKind, _ value: String?) {
        guard let value, !value.isEmpty, seen.insert(kind.rawValue + ":" + value).inserted else { return }
        guard tags.count < EventLimits.tags else {
            left += 1
            return
        }
        do throws(LogError) {
            tags.append(try Tag(kind: kind.rawValue, value: value))
        } catch {
            remarks.append("not findable by its \(kind.rawValue): \(error.reason)")
        }
    }

    /// The remarks, with a word on objects beyond the limit.
    var allRemarks: [String] {
        left == 0 ? remarks : remarks + ["names \(left) objects beyond the \(EventLimits.tags) it is findable by"]
    }
}
