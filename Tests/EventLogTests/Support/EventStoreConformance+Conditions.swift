import EventLog
import Testing

extension StoreBehaviour {
    /// Four events: box:1 at 0 and 2, box:2 at 1 and 2, a.opened at 0 and 3.
    private static func fill(_ store: any EventStore) async throws {
        _ = try await store.append(
            AppendRequest([
                draft("0", type: "a.opened", tags: ["box:1"]), draft("1", type: "a.moved", tags: ["box:2"]),
                draft("2", type: "a.closed", tags: ["box:1", "box:2"]), draft("3", type: "a.opened", tags: ["box:3"]),
            ]))
    }

    /// What breaks the append of an event under some conditions.
    private static func conflicts(
        _ store: any EventStore, _ conditions: [AppendCondition]
    ) async -> [AppendConflict]? {
        await refusal { _ = try await store.append(AppendRequest([draft("new")], conditions: conditions)) }?.conflicts
    }

    static let conditions: [StoreBehaviour] = [
        StoreBehaviour("refuses if anything matches a condition, naming the first that does") { store async throws in
            try await fill(store)
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: .tagged("box:2"))])
                    == [.condition(index: 0, position: 1)])
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: .all)]) == [.condition(index: 0, position: 0)])
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: Query(types: ["a.moved", "a.closed"]))])
                    == [.condition(index: 0, position: 1)])
            #expect(try store.head == 4)
        },
        StoreBehaviour("counts only what stands after a condition's position") { store async throws in
            try await fill(store)
            let opened = Query(types: ["a.opened"])
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: opened, after: 0)])
                    == [.condition(index: 0, position: 3)])
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: .all, after: 2)])
                    == [.condition(index: 0, position: 3)])
            #expect(await conflicts(store, [AppendCondition(noneMatching: opened, after: 3)]) == nil)
            #expect(try store.head == 5)
        },
        StoreBehaviour("holds a condition that nothing matches") { store async throws in
            try await fill(store)
            #expect(await conflicts(store, [AppendCondition(noneMatching: .tagged("box:9"))]) == nil)
            #expect(
                await refusal {
                    _ = try await store.append(
                        AppendRequest(
                            [draft("other")],
                            conditions: [
                                AppendCondition(noneMatching: Query(types: ["a.moved"], tags: [tag("box:1")]))
                            ]))
                } == nil)
            #expect(try store.head == 6)
        },
        StoreBehaviour("refuses a condition after a position that the log has not reached") { store async throws in
            #expect(
                await conflicts(store, [AppendCondition(noneMatching: .all, after: 0)])
                    == [.beyondHead(condition: 0, head: 0)])
            try await fill(store)
            for after: Position in [4, 5, 1 << 40, .max] {
                #expect(
                    await conflicts(store, [AppendCondition(noneMatching: .tagged("box:9"), after: after)])
                        == [.beyondHead(condition: 0, head: 4)])
            }
            let error = await refusal {
                _ = try await store.append(
                    AppendRequest([draft("n")], conditions: [AppendCondition(noneMatching: .all, after: 4)]))
            }
            #expect(error?.code == .positionBeyondHead)
        },
        StoreBehaviour("refuses what would be recorded too late, but knows a retry again") { store async throws in
            try await fill(store)
            let (past, future) = (Timestamp(microseconds: 1), Timestamp(microseconds: 1 << 60))
            let error = await refusal {
                _ = try await store.append(AppendRequest([draft("late")], recordedBefore: past))
            }
            #expect(error?.code == .conditionFailed)
            guard case .tooLate(let recorded)? = error?.conflicts.first else {
                Issue.record("not too late: \(error?.description ?? "no error")")
                return
            }
            #expect(recorded > past && error?.conflicts.count == 1)
            #expect(try await store.append(AppendRequest([draft("late")], recordedBefore: future)) == [.appended(4)])
            #expect(try await store.append(AppendRequest([draft("late")], recordedBefore: past)) == [.duplicate(4)])
        },
        StoreBehaviour("names all failing conditions and reused ids at once") { store async throws in
            try await fill(store)
            let error = await refusal {
                _ = try await store.append(
                    AppendRequest(
                        [draft("new"), draft("1", data: "9"), draft("2", data: "9")],
                        conditions: [
                            AppendCondition(noneMatching: .tagged("box:2"), after: 1),
                            AppendCondition(noneMatching: .tagged("box:9")),
                            AppendCondition(noneMatching: .all, after: 77),
                            AppendCondition(noneMatching: Query(types: ["a.opened"]), after: 0),
                        ]))
            }
            #expect(error?.code == .idReused)
            #expect(
                error?.conflicts == [
                    .idReused(event: 1, position: 1), .idReused(event: 2, position: 2),
                    .condition(index: 0, position: 2), .beyondHead(condition: 2, head: 4),
                    .condition(index: 3, position: 3),
                ])
            #expect(try store.head == 4)
        },
        StoreBehaviour("judges a request against the log before it, not against itself") { store async throws in
            let request = AppendRequest(
                [draft("a", tags: ["box:1"]), draft("b", tags: ["box:1"])],
                conditions: [AppendCondition(noneMatching: .tagged("box:1"))])
            #expect(try await store.append(request) == [.appended(0), .appended(1)])
        },
        StoreBehaviour("lets a refused request do nothing to those beside it") { store async throws in
            try await fill(store)
            let codes = await withTaskGroup(of: LogError.Code?.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let fails = number % 3 == 0
                        let conditions = fails ? [AppendCondition(noneMatching: .tagged("box:1"))] : []
                        return await refusal {
                            _ = try await store.append(
                                AppendRequest([draft("n\(number)")], conditions: conditions))
                        }?.code
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.count { $0 == .conditionFailed } == 20)
            #expect(codes.count { $0 == nil } == 40)
            let entries = try store.read(.all, ReadRange(from: 4))
            #expect(entries.map(\.position) == Array(4..<44))
            let ids = Set(entries.compactMap { $0.text.split(separator: "\"id\":\"").last?.prefix { $0 != "\"" } })
            #expect(ids == Set((0..<60).filter { $0 % 3 != 0 }.map { "n\($0)"[...] }))
        },
    ]
}
