/// Files that are read together because they tell one story.
struct SourceGroup: Hashable, Sendable {
    let name: String
    let files: [SourceFile]
}
