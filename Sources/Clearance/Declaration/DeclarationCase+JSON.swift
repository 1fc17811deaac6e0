public import JSON
internal import Views

extension DeclarationCase {
    public func writeState(to writer: inout JSONWriter) {
        writer.member("status", status.rawValue)
        for name in ["declaration", "flow", "office", "declarant", "importer", "exporter"] {
            writer.member(name, ifAny: lodgement?.text(name))
        }
        arrived?.write("arrived", to: &writer)
        lodged?.write("lodged", to: &writer)
        accepted?.write("accepted", to: &writer)
        released?.write("released", to: &writer)
        writer.list("requirements", requirements) { $0.write(to: &$1) }
        writer.list("holds", holds) { $0.write(to: &$1) }
        writer.list("obligations", obligations) { $0.write(to: &$1) }
        writer.list("guarantees", guarantees)
        writer.list("permits", permits) { $0.write(to: &$1) }
        writer.list("containers", containers)
        writer.list("enterprises", enterprises)
        writer.list("declarations", declarations)
        writer.key("release")
        releaseDecision().write(to: &writer)
    }
}
