import JSON

/// Following references.
extension SchemaRegistry {
    /// The place a URI names.
    ///
    /// - Throws: ``SchemaError`` with code `.unknownReference` if nothing is registered there.
    package func place(at uri: String) throws(SchemaError) -> SchemaPlace {
        try place(at: URIReference(uri), referredFrom: uri)
    }

    /// The place a `$ref` leads to.
    ///
    /// - Parameters:
    ///   - reference: The value of the `$ref`.
    ///   - place: The schema that holds it.
    /// - Throws: ``SchemaError`` with code `.unknownReference` if nothing is registered there.
    package func target(of reference: String, from place: SchemaPlace) throws(SchemaError) -> SchemaPlace {
        let target = resources[place.resource].base.resolving(URIReference(reference))
        return try self.place(at: target, referredFrom: place.location)
    }

    /// The place some steps below another, or nil if there is none. Where a schema with an identity of its own is
    /// entered, the place belongs to that.
    package func place(below place: SchemaPlace, _ tokens: [String]) -> SchemaPlace? {
        var place = place
        for token in tokens {
            if let schema = schema(in: place, token) {
                place = schema
                continue
            }
            guard let value = place.value.value(at: JSONPointer(tokens: [token])) else { return nil }
            let key = SchemaPlace.Key(document: place.key.document, node: value.index)
            place =
                known(key)
                ?? SchemaPlace(
                    key: key, resource: place.resource, uri: place.uri, value: value,
                    pointer: JSONPointer(tokens: place.pointer.tokens + [token]))
        }
        return place
    }

    /// The schema that is a member of an object, or nil if there is none or it is not known to be one.
    private func schema(in place: SchemaPlace, _ key: String) -> SchemaPlace? {
        let document = place.value.document
        guard place.value.kind == .object,
            let node = document.tape.member(
                Array(key.utf8), ofObjectAt: place.value.index, in: document.bytes.span)
        else { return nil }
        return known(SchemaPlace.Key(document: place.key.document, node: node))
    }

    private func place(at uri: URIReference, referredFrom origin: String) throws(SchemaError) -> SchemaPlace {
        let resource = resource(uri.withoutFragment.description)
        if let resource, let place = place(in: resource, uri) { return place }
        throw SchemaError(
            .unknownReference, at: origin,
            resource == nil ? "No schema is registered as \(uri)." : "The schema \(resource?.uri ?? "") has no \(uri).",
            remedy: "Register what is referred to first, or correct the reference. Nothing is fetched.")
    }

    private func place(in resource: SchemaResource, _ uri: URIReference) -> SchemaPlace? {
        guard uri.fragment != nil else { return resource.root }
        guard let fragment = uri.decodedFragment else { return nil }
        guard let pointer = JSONPointer(fragment) else { return resource.anchors[fragment] }
        return place(below: resource.root, pointer.tokens)
    }

    /// The vocabularies of the dialect a resource is written in.
    ///
    /// - Throws: ``SchemaError`` if the dialect is not known here, or requires what is not.
    func vocabularies(of resource: SchemaResource) throws(SchemaError) -> Vocabularies {
        guard let uri = resource.dialect, uri != Metaschemas.dialect, uri != Metaschemas.dialect + "#" else {
            return .standard
        }
        let metaschema = self.resource(URIReference(uri).withoutFragment.description)
        guard let metaschema, (metaschema.dialect ?? Metaschemas.dialect) == Metaschemas.dialect else {
            throw SchemaError(
                .unknownDialect, at: resource.root.location, "The dialect \(uri) is not known.",
                remedy: "Use \(Metaschemas.dialect), or register the dialect's metaschema.")
        }
        let declared = try KeywordReader(metaschema.root).members("$vocabulary")
        guard !declared.isEmpty else { return .standard }
        var vocabularies: Vocabularies = [.core]
        for (name, isRequired) in declared {
            if let known = Vocabularies(uri: name) {
                vocabularies.insert(known)
            } else if isRequired.bool != false {
                throw SchemaError(
                    .unknownVocabulary, at: metaschema.root.location, "The vocabulary \(name) is not known.",
                    remedy: "Use a dialect without it, or one that does not require it.")
            }
        }
        return vocabularies
    }
}
