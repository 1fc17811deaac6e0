/// What is left where a member or an element is not written.
enum Gap {
    /// Leaves out the comma that has nothing to part any more: the one that comes next in the source, or else the one
    /// that was written last.
    ///
    /// - Parameter copied: Up to where the source has been written or left out; a comma or a closing bracket stands
    ///   there.
    @inline(__always)
    static func close(_ source: [UInt8], _ copied: inout Int, _ output: inout [UInt8]) {
        if source[copied] == UInt8(ascii: ",") {
            copied += 1
        } else if output.last == UInt8(ascii: ",") {
            output.removeLast()
        }
    }
}
