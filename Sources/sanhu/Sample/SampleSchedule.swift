/// The steps that are laid out but not yet due, the next one first: a binary heap.
struct SampleSchedule: Sendable {
    private var heap: [SampleStep] = []

    var count: Int { heap.count }

    /// The time of the next step.
    var nextTime: SampleTime? { heap.first?.time }

    /// Puts a step where its time is.
    mutating func insert(_ step: SampleStep) {
        heap.append(step)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard SampleSchedule.precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next step out.
    mutating func removeNext() -> SampleStep? {
        guard let next = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return next }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if SampleSchedule.precedes(heap[child], heap[least]) { least = child }
            }
            guard least != parent else { return next }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    /// By time; at the same second by story and number, so that the order is the same every time.
    private static func precedes(_ left: SampleStep, _ right: SampleStep) -> Bool {
        if left.time != right.time { return left.time < right.time }
        let (leftRank, rightRank) = (rank(left.story), rank(right.story))
        return leftRank != rightRank ? leftRank < rightRank : left.ordinal < right.ordinal
    }

    private static func rank(_ story: SampleStep.Story) -> Int {
        switch story {
        case .call(let call): call.index * 2
        case .shipment(let shipment): shipment.index * 2 + 1
        }
    }
}
