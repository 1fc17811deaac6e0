internal import EventLog

/// Finds again, among the blinded tags of entries, those by which a decision about one reader is made.
///
/// Tags that name persons are blinded, and all tags of an event that is sealed as a whole. What a reader goes by (the
/// address of its agency, its identities, the objects of its grants) is blinded in the same way and looked for, once for
/// each schema. Nothing of it reaches the reader but the decision.
struct TagRecognition {
    private let keys: KeyStore
    private let kinds: Set<String>
    private let own: [Tag]
    private let grants: [Grant]
    /// By the schema's URI, the tags by their blinded forms.
    private var forms: [String: [Tag: Tag]] = [:]
    private var last: (plan: SealingPlan, forms: [Tag: Tag])?

    /// - Parameter grants: Those of the reader's agency.
    init(for reader: Reader, _ grants: [Grant], personalKinds kinds: Set<String>, keys: KeyStore) {
        self.kinds = kinds
        self.keys = keys
        self.grants = grants
        own = reader.identities + [reader.agency.flatMap(AddressTag.of)].compactMap(\.self)
    }

    /// The tags of an entry, with the plain form of those that are recognised.
    ///
    /// - Complexity: O(*t*) in the number of tags, after the first entry of a schema.
    mutating func tags(of view: EntryView, _ plan: SealingPlan) throws(ExchangeError) -> [Tag] {
        let known: [Tag: Tag]
        if let last, last.plan === plan {
            known = last.forms
        } else if let forms = forms[plan.uri] {
            known = forms
        } else {
            known = try blinded(in: plan, type: view.type)
            forms[plan.uri] = known
        }
        last = (plan, known)
        return known.isEmpty ? view.tags : view.tags + view.tags.compactMap { known[$0] }
    }

    /// Under whose key the tags of events of a schema are blinded, if they are sealed as a whole. Of an event that is about
    /// somebody only its data say whose: its tags are not recognised.
    static func owner(in plan: SealingPlan) -> KeyReference? {
        let whole = plan.isSealedWhole ? plan.slots.first : nil
        return whole.flatMap { $0.subjectPath == nil ? $0.ownerKey : nil }
    }

    private func blinded(in plan: SealingPlan, type: String) throws(ExchangeError) -> [Tag: Tag] {
        let owner = Self.owner(in: plan)
        let marked = plan.fields + (plan.wholeEvent.map { [Field(pointer: "", mark: $0)] } ?? [])
        let objects = grants.filter { grant in marked.contains { grant.speaks(of: $0, ofType: type) } }
            .flatMap(\.objects)
        var forms: [Tag: Tag] = [:]
        for tag in own + objects {
            guard let reference = TagBlinder.reference(for: tag, kinds: kinds) ?? owner, let key = try key(reference)
            else {
                continue
            }
            forms[try TagBlinder.blinded(tag, under: key)] = tag
        }
        return forms
    }

    /// The key, or nil if there is none: what was never sealed, or is erased, is not recognised.
    private func key(_ reference: KeyReference) throws(ExchangeError) -> SubjectKey? {
        do throws(ExchangeError) {
            return try keys.existingKey(for: reference)
        } catch {
            guard error.code == .subjectErased else { throw error }
            return nil
        }
    }
}
