/// The steps that are laid out but not yet due, the next one first: a binary heap.
struct SampleSchedule: Sendable {
    /// A step with what it is ordered by, as ``SampleStep/precedes(_:_:)`` says: it need not be looked at.
    private struct Entry: Sendable {
        let seconds: Int
        let story: Int
        let ordinal: Int
        let step: SampleStep

        init(_ step: SampleStep) {
            (seconds, story, ordinal) = (step.recorded.seconds, step.story.key, step.ordinal)
            self.step = step
        }
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }

    /// When the next step is recorded.
    var nextTime: SampleTime? { heap.first?.step.recorded }

    /// Puts a step where its time is.
    mutating func insert(_ step: SampleStep) {
        heap.append(Entry(step))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next step out.
    mutating func removeNext() -> SampleStep? {
        guard let next = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return next.step }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in 2 * parent + 1..<3 + 2 * parent where child < heap.count {
                if precedes(child, least) { least = child }
            }
            guard least != parent else { return next.step }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        if heap[left].seconds != heap[right].seconds { return heap[left].seconds < heap[right].seconds }
        if heap[left].story != heap[right].story { return heap[left].story < heap[right].story }
        return heap[left].ordinal < heap[right].ordinal
    }
}
