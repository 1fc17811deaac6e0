/// The steps that are laid out but not yet due, the next one first: a binary heap.
struct SampleSchedule: Sendable {
    private var heap: [SampleStep] = []

    var count: Int { heap.count }

    /// When the next step is recorded.
    var nextTime: SampleTime? { heap.first?.recorded }

    /// Puts a step where its time is.
    mutating func insert(_ step: SampleStep) {
        heap.append(step)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard SampleStep.precedes(heap[child], heap[parent]) else { return }
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
                if SampleStep.precedes(heap[child], heap[least]) { least = child }
            }
            guard least != parent else { return next }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
